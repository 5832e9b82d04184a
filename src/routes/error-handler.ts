import '@fastify/websocket';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../auth/refusal.ts';
import { CodedError } from '../protocol/error-codes.ts';
import type { ErrorKind } from '../protocol/error-codes.ts';
import type { App } from './declaration.ts';
import { HttpError } from './http-error.ts';

const STATUS_OF: Record<ErrorKind, number> = {
  refused: 200,
  'bad-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'too-large': 413,
  silent: 408,
  unavailable: 503,
};

/** What the original's clients are told of a manager that does not answer. */
const SILENT = 'Request timeout: ZMQ communication error: ZeroMQ communication failed: timeout occurred';

/**
 * The one place where an error becomes a status. Whatever ends below 500 is JSON with `detail`: the original's client
 * cannot read any other. What nobody expected is a bug: the client gets a reference, the log gets the stack.
 */
export function handleErrors(app: App): void {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    const { status, detail, headers } = told(error);
    if (status < 500) return answer(reply.headers(headers), status, detail);
    request.log.error({ err: error }, 'request failed');
    return answer(reply, status, `Internal Server Error (reference ${request.id})`);
  });
  app.setNotFoundHandler((request, reply) => notFound(app, request, reply));
}

function told(error: FastifyError | Error): { status: number; detail: unknown; headers: Record<string, string> } {
  if (error instanceof HttpError) return { status: error.status, detail: error.detail, headers: { ...error.headers } };
  if (error instanceof Refusal) {
    const headers: Record<string, string> = error.wants === undefined ? {} : { 'www-authenticate': error.wants };
    return { status: error.status, detail: error.message, headers };
  }
  if (error instanceof CodedError) {
    return { status: STATUS_OF[error.kind], detail: error.kind === 'silent' ? SILENT : error.message, headers: {} };
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return { status, detail: error.message, headers: {} };
}

const METHODS = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH'] as const;

/** As the original: a slash too many or too few is redirected, another method of a known URL is 405. */
function notFound(app: App, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = '', query] = request.url.split('?', 2);
  const allowed = METHODS.filter((method) => app.hasRoute({ method, url: path }));
  if (allowed.length > 0) return answer(reply.header('allow', allowed.join(', ')), 405, 'Method Not Allowed');
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  if (METHODS.some((method) => app.hasRoute({ method, url: other }))) {
    return reply.redirect(query === undefined ? other : `${other}?${query}`, 307);
  }
  return answer(reply, 404, 'Not Found');
}

function answer(reply: FastifyReply, status: number, detail: unknown): FastifyReply {
  // Node hands over the connection with an upgrade, so after a refused one nobody else would end it.
  if (reply.request.ws) reply.raw.once('finish', () => reply.request.raw.socket.destroySoon());
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify({ detail })));
}
