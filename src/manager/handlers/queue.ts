import type * as queueMethods from '../../protocol/methods/queue.ts';
import { RawText } from '../control/reply.ts';
import { refused, refusedAsIs } from '../control/refused.ts';
import type { RequestParams } from '../control/request-params.ts';
import { LOG_LINES } from '../../protocol/log-lines.ts';
import { isTrue } from '../../lib/python-text/truth.ts';
import { typeName } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import type { ItemText, QueueMode } from '../queue/queue-interface.ts';
import type { HandlersOf } from './handlers-of.ts';
import { addBatch } from './item-batch.ts';
import { itemReceived, NewItems } from './new-items.ts';
import type { QueueParts } from './queue-parts.ts';

export function queueHandlers(parts: QueueParts): HandlersOf<typeof queueMethods> {
  const { queue, state, run, stopPending, autostart, log } = parts;
  const newItems = new NewItems(parts.resources);

  return {
    queue_get() {
      return {
        items: new RawText(queue.queueText()),
        running_item: new RawText(queue.running?.text ?? '{}'),
        plan_queue_uid: queue.queueUid,
      };
    },

    async queue_item_add(params) {
      const item = newItems.prepared(params);
      const added = await itemReceived(item, () => queue.add(item, placeIn(params)));
      log.info(`${LOG_LINES.itemAdded}True ${labelOf(added.item)} qsize=${added.qsize}.`);
      autostart.look();
      return { qsize: added.qsize, item: new RawText(added.item.text) };
    },

    queue_item_add_batch: (params) => addBatch(params, parts, placeIn(params)),

    async queue_item_update(params) {
      const isReplaced = isTrue(params.view('replace'));
      const { item, originalUid } = newItems.changed(params, isReplaced);
      const { qsize } = await itemReceived(item, () => queue.replace(item, originalUid));
      return { qsize, item: new RawText(item.text) };
    },

    queue_item_get(params) {
      return { item: new RawText(queue.get({ pos: params.view('pos'), uid: params.view('uid') }).text) };
    },

    async queue_item_remove(params) {
      log.info(LOG_LINES.removingItem);
      const { item, qsize } = await queue.remove({ pos: params.view('pos'), uid: params.view('uid') });
      return { item: new RawText(item.text), qsize };
    },

    async queue_item_remove_batch(params) {
      log.info('Removing a batch of items from the queue ...');
      const { items, qsize } = await queue.removeBatch({
        uids: uidsIn(params),
        ignore_missing: params.has('ignore_missing') ? params.view('ignore_missing') : true,
      });
      return { items: textOf(items), qsize };
    },

    async queue_item_move(params) {
      const { item, qsize } = await queue.move({
        pos: params.view('pos'),
        uid: params.view('uid'),
        pos_dest: params.view('pos_dest'),
        before_uid: params.view('before_uid'),
        after_uid: params.view('after_uid'),
      });
      return { item: new RawText(item.text), qsize };
    },

    async queue_item_move_batch(params) {
      const { items, qsize } = await queue.moveBatch({
        uids: uidsIn(params),
        pos_dest: params.view('pos_dest'),
        before_uid: params.view('before_uid'),
        after_uid: params.view('after_uid'),
        reorder: params.has('reorder') ? params.view('reorder') : false,
      });
      return { qsize, items: textOf(items) };
    },

    async queue_item_execute(params) {
      const item = newItems.prepared(params);
      await itemReceived(item, () => run.execute(item));
      return { qsize: queue.size, item: new RawText(item.text) };
    },

    async queue_clear() {
      log.info(LOG_LINES.clearingQueue);
      await queue.clear();
      return {};
    },

    async queue_mode_set(params) {
      if (!params.has('mode')) throw refused(`Parameter 'mode' is not found in request ${repr(params.all)}`);
      // The queue judges it, in the original's words.
      await queue.setMode(params.view('mode') as Partial<QueueMode>);
      return {};
    },

    async queue_autostart(params) {
      const enable = params.view('enable');
      if (enable === undefined) {
        throw refused("Required 'enable' parameter is missing in 'queue_autostart' API call.");
      }
      if (typeof enable !== 'boolean') {
        throw refused(`Required 'enable' parameter must be boolean: type(enable)=<class '${typeName(enable)}'>.`);
      }
      if (enable) run.release();
      await queue.setAutostart(enable);
      autostart.look();
      return {};
    },

    async queue_start() {
      log.info(LOG_LINES.queueProcessing);
      await run.start();
      return {};
    },

    async queue_stop() {
      if (!state.machine.is('executing_queue', 'starting_queue')) {
        const word = `MState.${state.machine.state.toUpperCase()}`;
        throw refusedAsIs(`Failed to pause the queue. Queue is not running. Manager state: ${word}`);
      }
      await stopPending.set(true);
      return {};
    },

    async queue_stop_cancel() {
      await stopPending.set(false);
      return {};
    },
  };
}

type Placed = Pick<RequestParams<'pos' | 'before_uid' | 'after_uid'>, 'view'>;
const placeIn = (params: Placed): { pos: unknown; before_uid: unknown; after_uid: unknown } => ({
  pos: params.view('pos'),
  before_uid: params.view('before_uid'),
  after_uid: params.view('after_uid'),
});

function uidsIn(params: Pick<RequestParams<'uids'>, 'orNull'>): unknown {
  const uids = params.orNull('uids');
  if (uids === null) throw refused('Request does not contain the list of UIDs');
  return uids;
}

const textOf = (items: readonly ItemText[]): RawText => new RawText(`[${items.map(({ text }) => text).join(',')}]`);

const labelOf = ({ uid }: ItemText): string => `item_uid='${str(uid)}'`;
