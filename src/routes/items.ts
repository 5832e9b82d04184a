import { Type } from 'typebox';
import { LONGEST_WAIT_S } from '../protocol/events.ts';
import { itemStatus } from '../protocol/methods/items.ts';
import type { App } from './declaration.ts';
import { declarationOf, sendJson } from './forward.ts';
import { paramsOf, valueOf } from './request-params.ts';
import { numberWithin, presenceOf } from './waiting.ts';

const Wait = Type.Object({
  wait: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: LONGEST_WAIT_S,
      description: 'seconds: the answer comes when the item has ended, or then',
      examples: [30],
    }),
  ),
});
const Path = Type.Object({ uid: Type.String({ description: 'UID of the item' }) });

export function itemRoutes(app: App): void {
  app.route<{ Params: { uid: string } }>({
    method: 'GET',
    url: '/items/:uid',
    config: { declared: { ...declarationOf(itemStatus), path: Path, params: Wait } },
    handler: async (request, reply) => {
      const wait = numberWithin('wait', valueOf(paramsOf(request, Wait), 'wait'), { min: 0, max: LONGEST_WAIT_S }) ?? 0;
      const asked = { waitMs: wait * 1000, signal: presenceOf(reply), trace: request.id };
      return sendJson(reply, await app.parts.items.status(request.params.uid, asked));
    },
  });
}
