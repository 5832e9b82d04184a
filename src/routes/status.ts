import { configGet, managerStop, ping, status } from '../protocol/methods/server.ts';
import type { Method } from '../protocol/methods/define-method.ts';
import type { App } from './declaration.ts';
import { declarationOf, forward } from './forward.ts';
import { paramsOf } from './request-params.ts';
import { sendSnapshot } from './snapshot-reply.ts';

export function statusRoutes(app: App): void {
  serveStatus(app, '/', ping);
  serveStatus(app, '/ping', ping);
  serveStatus(app, '/status', status);
  forward(app, 'POST', '/manager/stop', managerStop);
  forward(app, 'GET', '/config/get', configGet);
}

/** Three URLs of one reply. It is the one that everybody polls: mostly it is bytes that are there already. */
function serveStatus(app: App, url: string, method: Method): void {
  app.route({
    method: 'GET',
    url,
    // Without it Fastify would serve the prefix without its slash, too; the original redirects that.
    prefixTrailingSlash: 'slash',
    config: { declared: declarationOf(method) },
    handler: async (request, reply) => {
      paramsOf(request, method.params);
      return sendSnapshot(reply, await app.parts.manager.status({ trace: request.id }));
    },
  });
}
