import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { App } from '../routes/declaration.ts';

/** Values of these query parameters open something: they stay out of every log. */
const SECRETS = /([?&](?:api_key|ticket|lock_key|refresh_token|access_token|device_code|code|state|password)=)[^&#]*/gi;

/** `/api/status?api_key=…` as it may be logged. */
export const redacted = (url: string): string => (url.includes('?') ? url.replace(SECRETS, '$1[redacted]') : url);

/** One JSON object a line, on stdout unless a test looks. */
export function makeLog(level: string, destination?: DestinationStream): FastifyBaseLogger {
  return pino({ level, base: { process: 'gateway' } }, destination ?? pino.destination({ fd: 1, sync: true }));
}

/**
 * One line a request: what changes something, and what was refused, at `info`; reads at `debug`, since each client polls
 * every second. The request id goes with the 0MQ request, so that a line here finds its line there.
 */
export function logRequests(app: App): void {
  app.addHook('onResponse', (request, reply, done) => {
    const level = request.method === 'GET' && reply.statusCode < 400 ? 'debug' : 'info';
    if (level === 'info' || VERBOSE.has(request.log.level)) request.log[level](line(request, reply), 'request');
    done();
  });
}

const VERBOSE = new Set(['debug', 'trace']);

const line = (request: FastifyRequest, reply: FastifyReply) => ({
  method: request.method,
  url: redacted(request.url),
  status: reply.statusCode,
  ms: Math.round(reply.elapsedTime * 10) / 10,
  // A request that is no HTTP is answered before anybody is asked for.
  user: (request.principal as Principal | null)?.name,
});
