import type { FastifyReply } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import { objectText } from '../lib/raw-json.ts';
import type { Method } from '../protocol/methods/define-method.ts';
import { askOnce } from './ask-once.ts';
import type { App, RouteDeclaration } from './declaration.ts';
import { onlyOwnItems } from './ownership.ts';
import { preparedReply } from './reply-text.ts';
import { paramsOf } from './request-params.ts';

export interface ForwardOptions {
  /** Bytes that the body may have; 1 MB if absent. */
  readonly bodyLimit?: number;
  /** How long the manager may take; 2 s if absent. */
  readonly timeoutMs?: number;
  /** An `Idempotency-Key` keeps it from happening twice. */
  readonly isOnce?: true;
}

/**
 * Serves one RE Manager method at one URL. The scope and the OpenAPI entry are the method's own. Where a method is signed,
 * who asks is written over whatever the request says: nobody submits in another's name.
 */
export function forward(
  app: App,
  verb: 'GET' | 'POST',
  url: string,
  method: Method,
  { bodyLimit, timeoutMs, isOnce }: ForwardOptions = {},
): void {
  app.route({
    method: verb,
    url,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    config: { declared: { ...declarationOf(method), ...(isOnce === true ? { isOnce } : {}) } },
    handler: async (request, reply) => {
      const own = await onlyOwnItems(app, request, method.name, paramsOf(request, method.params));
      const params = signed(method, request.principal, own);
      if (isOnce === true) return sendJson(reply, await askOnce(app, request, { method, params, waitMs: timeoutMs }));
      const options = { trace: request.id, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
      return sendJson(reply, preparedReply(method, await app.parts.manager.call(method, params, options)));
    },
  });
}

/** The body is JSON text already. */
export function sendJson(reply: FastifyReply, body: Buffer): FastifyReply {
  return reply.header('content-type', 'application/json').send(body);
}

export const declarationOf = ({ access, summary, params, result }: Method): RouteDeclaration => ({
  access: access.scope,
  summary,
  params,
  result,
  filledIn:
    access.signed === true
      ? ['user', 'user_group']
      : access.signed === 'user'
        ? ['user']
        : access.grouped === true
          ? ['user_group']
          : [],
});

/** Whoever is in several groups may say as which one they ask; a group that is not theirs counts for nothing. */
function groupAmong(groups: Principal['groups'], asked: string | undefined): string {
  const texts = groups.map((group) => JSON.stringify(group));
  return texts.find((text) => text === asked) ?? (texts[0] as string);
}

/** The text of the params: the client's own slices, and who asks. */
export function signed(
  { access }: Pick<Method, 'access'>,
  { name, groups }: Principal,
  given: ReadonlyMap<string, string>,
): string {
  if (access.signed === undefined && access.grouped === undefined && given.size === 0) return '{}';
  const params = new Map(given);
  // A lock key that is null is one that is not given.
  if (params.get('lock_key') === 'null') params.delete('lock_key');
  if (access.signed !== undefined) params.set('user', JSON.stringify(name));
  if (access.signed === true || access.grouped === true)
    params.set('user_group', groupAmong(groups, given.get('user_group')));
  return objectText(params);
}
