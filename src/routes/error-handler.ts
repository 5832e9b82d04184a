import '@fastify/websocket';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, TooManyAttempts } from '../auth/refusal.ts';
import { coded, CodedError } from '../protocol/error-codes.ts';
import type { ErrorKind } from '../protocol/error-codes.ts';
import { BodyError } from './body-error.ts';
import { FieldError } from './field-error.ts';
import type { App } from './declaration.ts';

const STATUS_OF: Record<ErrorKind, number> = {
  refused: 200,
  'bad-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  gone: 410,
  'too-large': 413,
  unprocessable: 422,
  'upgrade-required': 426,
  'too-many': 429,
  silent: 408,
  fault: 500,
  'not-implemented': 501,
  unavailable: 503,
};

/**
 * The one place where an error becomes a status. Whatever ends below 500 is JSON with `detail`: the original's client
 * cannot read any other. What nobody expected is a bug: the client gets a reference, the log gets the stack.
 */
export function handleErrors(app: App): void {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    const told = answerTo(error, request);
    if (told.status >= 500) request.log.error({ err: error }, 'request failed');
    return answer(reply, told);
  });
  app.setNotFoundHandler((request, reply) => notFound(app, request, reply));
}

interface Answer {
  readonly status: number;
  readonly detail: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function answerTo(error: FastifyError | Error, request: FastifyRequest): Answer {
  if (error instanceof BodyError || error instanceof FieldError) return { ...answerOf(error), detail: error.detail };
  if (error instanceof Refusal) return refusalTo(error, request);
  if (error instanceof TooManyAttempts) return { ...answerOf(error), headers: { 'retry-after': `${error.seconds}` } };
  if (error instanceof CodedError) return answerOf(error);
  // The web framework has errors of its own, for headers and bodies that it cannot read.
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === STATUS_OF['too-large']) {
    return answerOf(coded('BODY_TOO_LARGE', { limit: request.routeOptions.bodyLimit }));
  }
  return status < 500 ? { status, detail: error.message } : answerOf(coded('INTERNAL', { reference: request.id }));
}

const answerOf = ({ kind, message }: CodedError): Answer => ({ status: STATUS_OF[kind], detail: message });

function refusalTo(refusal: Refusal, request: FastifyRequest): Answer {
  // Before an upgrade the original knows one refusal only.
  if (request.routeOptions.config.declared?.isSocket === true) {
    return { status: STATUS_OF.forbidden, detail: refusal.message };
  }
  const { wants } = refusal;
  return { ...answerOf(refusal), ...(wants === undefined ? {} : { headers: { 'www-authenticate': wants } }) };
}

const METHODS = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH'] as const;

/** As the original: a slash too many or too few is redirected, another method of a known URL is 405. */
function notFound(app: App, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = '', query] = request.url.split('?', 2);
  const allowed = METHODS.filter((method) => app.hasRoute({ method, url: path }));
  if (allowed.length > 0)
    return answer(reply, { ...answerOf(coded('METHOD_NOT_ALLOWED', {})), headers: { allow: allowed.join(', ') } });
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  if (METHODS.some((method) => app.hasRoute({ method, url: other }))) {
    return reply.redirect(query === undefined ? other : `${other}?${query}`, 307);
  }
  return answer(reply, answerOf(coded('NOT_FOUND', {})));
}

function answer(reply: FastifyReply, { status, detail, headers = {} }: Answer): FastifyReply {
  // Node hands over the connection with an upgrade, so after a refused one nobody else would end it.
  if (reply.request.ws) reply.raw.once('finish', () => reply.request.raw.socket.destroySoon());
  return reply
    .code(status)
    .headers(headers)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify({ detail })));
}
