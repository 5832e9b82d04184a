import { Type } from 'typebox';
import { members, objectText } from '../lib/raw-json.ts';
import type { PlanDescriptions } from '../protocol/descriptions.ts';
import type { Method } from '../protocol/methods/define-method.ts';
import { devicesAllowed, devicesExisting, plansAllowed, plansExisting } from '../protocol/methods/resources.ts';
import type { App } from './declaration.ts';
import { forwardRead } from './forward-read.ts';
import { declarationOf, signed } from './forward.ts';
import { reducedPlans } from './reduced-plans.ts';
import { paramsOf, valueOf } from './request-params.ts';
import { sendSnapshot } from './snapshot-reply.ts';

export function resourceRoutes(app: App): void {
  servePlans(app, '/plans/allowed', plansAllowed, 'plans_allowed');
  servePlans(app, '/plans/existing', plansExisting, 'plans_existing');
  forwardRead(app, '/devices/allowed', devicesAllowed);
  forwardRead(app, '/devices/existing', devicesExisting);
}

const PlansWanted = Type.Object({
  reduced: Type.Optional(Type.Boolean({ description: 'simplified descriptions, for forms' })),
});

/** Unlike devices, plans are not asked for with a group: the original refuses one that is named. */
function servePlans(app: App, url: string, method: Method, field: string): void {
  // As long as a snapshot lives, it is reduced once.
  const reducedOf = new WeakMap<Buffer, Buffer>();
  app.route({
    method: 'GET',
    url,
    config: { declared: { ...declarationOf(method), params: PlansWanted } },
    handler: async (request, reply) => {
      const isReduced = valueOf(paramsOf(request, PlansWanted), 'reduced') === true;
      const params = signed(method, request.principal, new Map());
      const full = await app.parts.manager.read(method, params, { trace: request.id });
      if (!isReduced) return sendSnapshot(reply, full);
      const body = reducedOf.get(full) ?? reducedReply(full, field);
      reducedOf.set(full, body);
      return sendSnapshot(reply, body);
    },
  });
}

function reducedReply(full: Buffer, field: string): Buffer {
  const reply = members(full.toString());
  const plans = reply.get(field);
  if (plans !== undefined) reply.set(field, reducedPlans(JSON.parse(plans) as PlanDescriptions));
  return Buffer.from(objectText(reply));
}
