import { isDeepStrictEqual } from 'node:util';
import { str } from '../../lib/python-text/repr.ts';
import { parsePlain } from '../../lib/raw-json.ts';
import { mapInSlices } from '../../lib/slices.ts';
import type { ItemText } from '../store/store.ts';
import { BatchRefused } from './batch-refused.ts';
import { about } from './decision.ts';
import type { Decision } from './decision.ts';
import { asKept } from './item-text.ts';
import { isTrue, moveBatchOf, moveOf, uidList, uidsInQueue } from './moves.ts';
import type { Move, MoveBatchRequest, MoveRequest } from './moves.ts';
import { itemToRemove, placeOf, refuseAmbiguous } from './place.ts';
import type { Which } from './place.ts';
import type { Place } from './queue-interface.ts';
import type { QueueMemory } from './queue-memory.ts';
import { asPython, refused } from './refusal.ts';

/** What clients do to the queue; each in the original's order of checks, so that the same refusal comes first. */
export function add(memory: QueueMemory, item: ItemText, place: Place): Decision<ItemText> {
  refuseAmbiguous(place);
  refuseTaken(memory, item.uid);
  const before = placeOf(memory, place);
  const kept = asKept(item);
  return {
    changes: [{ type: 'add', items: [kept], before }],
    events: [about('item_added', kept)],
    tells: ['queue'],
    answer: kept,
  };
}

export async function addBatch(
  memory: QueueMemory,
  items: readonly ItemText[],
  place: Place,
): Promise<Decision<ItemText[]>> {
  const before = placeOfBatch(memory, items, place);
  const kept = await mapInSlices(items, asKept);
  if (kept.length === 0) return { answer: kept };
  return {
    changes: [{ type: 'add', items: kept, before }],
    events: kept.map((item) => about('item_added', item)),
    tells: ['queue'],
    answer: kept,
  };
}

/**
 * Each item is judged as if those before it were in: the first that fits takes the place, the others follow it.
 * @throws BatchRefused, with a verdict for each
 */
function placeOfBatch(memory: QueueMemory, items: readonly ItemText[], place: Place): ItemText | null {
  const fits = new Set<string>();
  let before: ItemText | null = null;
  const results = items.map(({ uid }) => {
    try {
      if (fits.size === 0) refuseAmbiguous(place);
      refuseTaken(memory, uid, fits);
      if (fits.size === 0) before = placeOf(memory, place);
      fits.add(uid);
      return { success: true, msg: '' };
    } catch (error) {
      return { success: false, msg: `Failed to add item to queue: ${(error as Error).message}` };
    }
  });
  if (fits.size < items.length) throw new BatchRefused(results);
  return before;
}

function refuseTaken(memory: QueueMemory, uid: string, alsoTaken?: ReadonlySet<string>): void {
  if (!memory.isTaken(uid) && !alsoTaken?.has(uid)) return;
  throw refused(`Item with UID ${uid} is already in the queue`);
}

/** The new item may bring a UID of its own. An equal one changes nothing, and that is well. */
export function replace(memory: QueueMemory, item: ItemText, replacedUid: string): Decision<ItemText> {
  // What a client gives as the UID may be no text at all.
  const shown = str(asPython(replacedUid));
  const refuse = (why: string): Error => refused(`Failed to replace item: Item with UID '${shown}' is ${why}`);
  if (memory.isRunning(replacedUid)) throw refuse('currently running');
  const replaced = memory.find(replacedUid);
  if (!replaced) throw refuse('not in the queue');
  if (isDeepStrictEqual(parsePlain(item.text), parsePlain(replaced.text))) return { answer: replaced };
  if (item.uid !== replacedUid) refuseTaken(memory, item.uid);
  const by = asKept(item);
  return {
    changes: [{ type: 'replace', item: replaced, by }],
    events: [about('item_replaced', replaced, { by: by.uid })],
    tells: ['queue'],
    answer: by,
  };
}

export function remove(memory: QueueMemory, which: Which): Decision<ItemText> {
  const item = itemToRemove(memory, which);
  return { ...removal([item]), answer: item };
}

export interface RemoveBatchRequest {
  readonly uids: unknown;
  readonly ignore_missing?: unknown;
}

/** By default what is not there is passed over; so is, in any case, the running item. */
export function removeBatch(memory: QueueMemory, request: RemoveBatchRequest): Decision<ItemText[]> {
  const uids = uidList(request.uids);
  if (request.ignore_missing !== undefined && !isTrue(request.ignore_missing)) uidsInQueue(memory, uids);
  const texts = new Set(uids.filter((uid) => typeof uid === 'string'));
  const found = [...texts].map((uid) => memory.find(uid)).filter((item) => item !== undefined);
  return { ...removal(found), answer: found };
}

function removal(items: readonly ItemText[]): Omit<Decision<unknown>, 'answer'> {
  if (items.length === 0) return {};
  return {
    changes: [{ type: 'remove', items }],
    events: items.map((item) => about('item_removed', item)),
    tells: ['queue'],
  };
}

export function move(memory: QueueMemory, request: MoveRequest): Decision<ItemText[]> {
  return movement(moveOf(memory, request));
}

export function moveBatch(memory: QueueMemory, request: MoveBatchRequest): Decision<ItemText[]> {
  return movement(moveBatchOf(memory, request));
}

function movement({ items, before, isDone }: Move): Decision<ItemText[]> {
  const answer = [...items];
  if (isDone) return { answer };
  return {
    changes: [{ type: 'move', items, before }],
    events: items.map((item) => about('item_moved', item)),
    tells: ['queue'],
    answer,
  };
}

/** The running item goes on; it may still come back into the queue when it ends. */
export function clear(memory: QueueMemory): Decision<void> {
  return {
    changes: [{ type: 'clear' }],
    events: [{ kind: 'queue_cleared', detail: { items: memory.queue.size } }],
    tells: ['queue'],
    answer: undefined,
  };
}
