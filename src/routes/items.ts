import { Type } from 'typebox';
import { coded } from '../protocol/error-codes.ts';
import { itemStatus } from '../protocol/methods/items.ts';
import type { App } from './declaration.ts';
import { declarationOf, sendJson } from './forward.ts';
import { preparedReply } from './reply-text.ts';

export function itemRoutes(app: App): void {
  app.route<{ Params: { uid: string } }>({
    method: 'GET',
    url: '/items/:uid',
    config: { declared: { ...declarationOf(itemStatus), params: Type.Object({}) } },
    handler: async ({ params: { uid }, id }, reply) => {
      const asked = JSON.stringify({ item_uid: uid });
      const answer = await app.parts.manager.call(itemStatus, asked, { trace: id });
      if (!answer.startsWith('{"success":true')) throw coded('ITEM_UNKNOWN', { uid });
      return sendJson(reply, preparedReply(itemStatus, answer));
    },
  });
}
