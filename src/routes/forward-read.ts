import type { Method } from '../protocol/methods/define-method.ts';
import type { App } from './declaration.ts';
import { declarationOf, signed } from './forward.ts';
import { paramsOf } from './request-params.ts';
import { sendSnapshot } from './snapshot-reply.ts';

/** As `forward`, for a method whose reply changes with a UID of the status: mostly served without asking the manager. */
export function forwardRead(app: App, url: string, method: Method): void {
  app.route({
    method: 'GET',
    url,
    config: { declared: declarationOf(method) },
    handler: async (request, reply) => {
      const params = signed(method, request.principal, paramsOf(request, method.params));
      return sendSnapshot(reply, await app.parts.manager.read(method, params, { trace: request.id }));
    },
  });
}
