import { coded } from '../protocol/error-codes.ts';
import type { Method } from '../protocol/methods/define-method.ts';
import { lock, lockInfo, unlock } from '../protocol/methods/lock.ts';
import type { App } from './declaration.ts';
import { declarationOf, forward, sendJson, signed } from './forward.ts';
import { paramsOf } from './request-params.ts';
import { preparedReply } from './reply-text.ts';

export function lockRoutes(app: App): void {
  serveWithKey(app, '/lock', lock);
  forward(app, 'GET', '/lock/info', lockInfo);
  serveWithKey(app, '/unlock', unlock);
}

/** The client library of the original refuses a request without its key before it asks the manager: a 400 over HTTP. */
function serveWithKey(app: App, url: string, method: Method): void {
  app.route({
    method: 'POST',
    url,
    config: { declared: declarationOf(method) },
    handler: async (request, reply) => {
      const given = paramsOf(request, method.params);
      if (!given.has('lock_key')) throw coded('LOCK_KEY_NOT_SET', { method: method.name });
      const text = signed(method, request.principal, given);
      return sendJson(reply, preparedReply(method, await app.parts.manager.call(method, text, { trace: request.id })));
    },
  });
}
