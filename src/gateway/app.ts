import cors from '@fastify/cors';
import websocket from '@fastify/websocket';
import fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger } from 'fastify';
import type { App, Parts } from '../routes/declaration.ts';
import { handleErrors } from '../routes/error-handler.ts';
import { guard } from '../routes/guard.ts';
import { apiRoutes } from '../routes/index.ts';
import { withoutAlias } from './aliases.ts';
import { answerBroken, answerUnroutable } from './broken-requests.ts';
import { describeApi, serveDocs } from './docs.ts';
import { acceptBodies, BODY_LIMIT } from './json-bodies.ts';
import { logRequests } from './log.ts';
import { secureReplies } from './security-headers.ts';

/** A client has no reason to say more than who it is. */
const MOST_FROM_SOCKET_BYTES = 64 * 1024;
const CLOSING_MS = 1000;
/** For a request to arrive whole; an upload over a slow line takes its time. */
const REQUEST_MS = 120_000;

/** The gateway as an application: no port, no signal; it answers once its parts are started. */
export async function buildApp(parts: Parts, log: FastifyBaseLogger): Promise<App> {
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    requestTimeout: REQUEST_MS,
    clientErrorHandler: answerBroken,
    frameworkErrors: answerUnroutable,
    genReqId: requestIds(),
    rewriteUrl: ({ url = '/' }) => withoutAlias(url),
    // An open stream has no end of its own: closing must not wait for it.
    forceCloseConnections: true,
  });
  app.decorate('parts', parts);
  acceptBodies(app);
  handleErrors(app);
  logRequests(app);
  // Before the guard, so that a page of another origin can read why it was refused.
  secureReplies(app);
  await app.register(cors, corsOptions(parts.allowOrigins));
  endStreams(app);
  await app.register(websocket, { options: { maxPayload: MOST_FROM_SOCKET_BYTES } });
  // After the plug-in that knows an upgrade when it sees one: a refused one is to be ended.
  guard(app);
  await describeApi(app);
  await app.register(apiRoutes, { prefix: '/api' });
  await app.register(serveDocs);
  return app;
}

/** Before the sockets are closed without a word, which is what the plug-in does. */
function endStreams(app: App): void {
  const { streams, liveness } = app.parts;
  app.addHook('preClose', (done) => {
    for (const stream of Object.values(streams)) stream.close();
    liveness.close();
    // A client that does not answer the close shall not hold up the process.
    setTimeout(() => app.websocketServer.clients.forEach((socket) => socket.terminate()), CLOSING_MS).unref();
    done();
  });
}

const corsOptions = (origins: readonly string[]) => ({
  // As the original: `*` with credentials means whoever asks.
  origin: origins.includes('*') ? true : [...origins],
  credentials: true,
  methods: ['GET', 'POST', 'DELETE', 'PUT', 'PATCH'],
});

/** Short, and different from those of the last process. */
function requestIds(): () => string {
  const process = Math.random().toString(36).slice(2, 8);
  let count = 0;
  return () => `${process}-${(++count).toString(36)}`;
}
