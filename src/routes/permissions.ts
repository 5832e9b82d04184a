import type { FastifyRequest } from 'fastify';
import { isPlainObject } from '../lib/plain-object.ts';
import type { Method } from '../protocol/methods/define-method.ts';
import {
  permissionsGet,
  permissionsPreview,
  permissionsReload,
  permissionsSet,
  permissionsValidate,
} from '../protocol/methods/resources.ts';
import { actorOf } from './caller.ts';
import type { App } from './declaration.ts';
import { declarationOf, forward, sendJson, signed } from './forward.ts';
import { changedPermissions } from './permission-changes.ts';
import { preparedReply } from './reply-text.ts';
import { paramsOf } from './request-params.ts';

/** Who may use which plans and devices: what holds, what would, and changing it. */
export function permissionRoutes(app: App): void {
  forward(app, 'GET', '/permissions/get', permissionsGet);
  forward(app, 'POST', '/permissions/preview', permissionsPreview);
  forward(app, 'POST', '/permissions/validate', permissionsValidate);
  serveAudited(app, '/permissions/reload', permissionsReload);
  serveAudited(app, '/permissions/set', permissionsSet);
}

/** A change is written down with who made it: what each group had before, and has now. */
function serveAudited(app: App, url: string, method: Method): void {
  app.route({
    method: 'POST',
    url,
    config: { declared: declarationOf(method) },
    handler: async (request, reply) => {
      const params = signed(method, request.principal, paramsOf(request, method.params));
      const before = await permissionsNow(app, request);
      const answer = await app.parts.manager.call(method, params, { trace: request.id });
      if (isSuccess(answer)) {
        const changed = changedPermissions(before, await permissionsNow(app, request));
        app.parts.audit.record(actorOf(request), { what: method.name.replace('_', ' '), changed });
      }
      return sendJson(reply, preparedReply(method, answer));
    },
  });
}

async function permissionsNow(app: App, { id }: FastifyRequest): Promise<unknown> {
  const reply: unknown = JSON.parse(await app.parts.manager.call(permissionsGet, '{}', { trace: id }));
  return isPlainObject(reply) ? reply['user_group_permissions'] : undefined;
}

function isSuccess(answer: string): boolean {
  const reply: unknown = JSON.parse(answer);
  return isPlainObject(reply) && reply['success'] === true;
}
