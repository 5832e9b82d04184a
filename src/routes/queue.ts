import { Type } from 'typebox';
import { objectText } from '../lib/raw-json.ts';
import { LockKey } from '../protocol/methods/define-method.ts';
import {
  queueAutostart,
  queueClear,
  queueGet,
  queueItemAdd,
  queueItemAddBatch,
  queueItemExecute,
  queueItemGet,
  queueItemMove,
  queueItemMoveBatch,
  queueItemRemove,
  queueItemRemoveBatch,
  queueItemUpdate,
  queueModeSet,
  queueStart,
  queueStop,
  queueStopCancel,
} from '../protocol/methods/queue.ts';
import { BATCH } from './batch.ts';
import type { App } from './declaration.ts';
import { declarationOf, forward, sendJson, signed } from './forward.ts';
import { servePages } from './pages.ts';
import { preparedReply } from './reply-text.ts';
import { paramsOf } from './request-params.ts';

export function queueRoutes(app: App): void {
  servePages(app, '/queue/get', queueGet);
  forward(app, 'POST', '/queue/clear', queueClear);
  forward(app, 'POST', '/queue/start', queueStart);
  forward(app, 'POST', '/queue/stop', queueStop);
  forward(app, 'POST', '/queue/stop/cancel', queueStopCancel);
  forward(app, 'POST', '/queue/autostart', queueAutostart);
  serveModeSet(app);
  forward(app, 'GET', '/queue/item/get', queueItemGet);
  forward(app, 'POST', '/queue/item/add', queueItemAdd, { isOnce: true });
  forward(app, 'POST', '/queue/item/add/batch', queueItemAddBatch, { ...BATCH, isOnce: true });
  forward(app, 'POST', '/queue/item/update', queueItemUpdate);
  forward(app, 'POST', '/queue/item/remove', queueItemRemove);
  forward(app, 'POST', '/queue/item/remove/batch', queueItemRemoveBatch, BATCH);
  forward(app, 'POST', '/queue/item/move', queueItemMove);
  forward(app, 'POST', '/queue/item/move/batch', queueItemMoveBatch, BATCH);
  forward(app, 'POST', '/queue/item/execute', queueItemExecute);
}

/** Phoebus sends the members of the mode by themselves, `{"loop": true}`; the original takes `{"mode": {"loop": true}}`. */
const ModeOrItsMembers = Type.Object({
  mode: Type.Optional(queueModeSet.params.properties.mode),
  loop: Type.Optional(Type.Boolean()),
  ignore_failures: Type.Optional(Type.Boolean()),
  lock_key: LockKey,
});

function serveModeSet(app: App): void {
  app.route({
    method: 'POST',
    url: '/queue/mode/set',
    config: { declared: { ...declarationOf(queueModeSet), params: ModeOrItsMembers } },
    handler: async (request, reply) => {
      const given = paramsOf(request, ModeOrItsMembers);
      const flat = [...given].filter(([name]) => name === 'loop' || name === 'ignore_failures');
      const params = new Map([...given].filter(([name]) => name === 'mode' || name === 'lock_key'));
      if (!params.has('mode')) params.set('mode', objectText(flat));
      const text = signed(queueModeSet, request.principal, params);
      const answer = await app.parts.manager.call(queueModeSet, text, { trace: request.id });
      return sendJson(reply, preparedReply(queueModeSet, answer));
    },
  });
}
