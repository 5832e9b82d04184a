import {
  queueClear,
  queueGet,
  queueItemAdd,
  queueItemAddBatch,
  queueItemGet,
  queueItemMove,
  queueItemRemove,
  queueStart,
  queueStop,
  queueStopCancel,
} from '../protocol/methods/queue.ts';
import type { App } from './declaration.ts';
import { forward, forwardRead } from './forward.ts';

const BATCH = { bodyLimit: 64 * 1024 * 1024, timeoutMs: 30_000 };

export function queueRoutes(app: App): void {
  forwardRead(app, '/queue/get', queueGet);
  forward(app, 'POST', '/queue/clear', queueClear);
  forward(app, 'POST', '/queue/start', queueStart);
  forward(app, 'POST', '/queue/stop', queueStop);
  forward(app, 'POST', '/queue/stop/cancel', queueStopCancel);
  forward(app, 'GET', '/queue/item/get', queueItemGet);
  forward(app, 'POST', '/queue/item/add', queueItemAdd);
  forward(app, 'POST', '/queue/item/add/batch', queueItemAddBatch, BATCH);
  forward(app, 'POST', '/queue/item/remove', queueItemRemove);
  forward(app, 'POST', '/queue/item/move', queueItemMove);
}
