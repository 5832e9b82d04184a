import type { ItemText } from '../store/store.ts';
import { str } from '../../lib/python-text/repr.ts';
import type { Place } from './queue-interface.ts';
import type { QueueMemory } from './queue-memory.ts';
import { asPython, classOf, isGiven, isInteger, refused, uidText } from './refusal.ts';

/** Which item a client means: by UID, or by position ('front', 'back', an index, a negative one from the back). */
export interface Which {
  readonly pos?: unknown;
  readonly uid?: unknown;
}

/** Python counts `true` as the integer 1 until the original's store refuses it, in these words. */
const BOOLEAN_INDEX = "Invalid input of type: 'bool'. Convert to a bytes, string, int or float first.";

/** The item that stands there; without either the last one. */
export function itemAt(memory: QueueMemory, { pos, uid }: Which): ItemText {
  if (isGiven(pos) && isGiven(uid)) throw refused('Ambiguous parameters: plan position and UID is specified');
  if (isGiven(uid)) return itemWithUid(memory, uid);
  return itemAtPosition(memory, isGiven(pos) ? pos : 'back');
}

function itemWithUid(memory: QueueMemory, uid: unknown): ItemText {
  const text = uidText(uid);
  // The braces are the original's: it never fills them in.
  if (text !== null && memory.isRunning(text)) throw refused("The item with UID '{uid}' is currently running.");
  const item = text === null ? undefined : memory.find(text);
  if (!item) throw refused(`Item with UID '${str(asPython(uid))}' is not in the queue.`);
  return item;
}

function itemAtPosition(memory: QueueMemory, pos: unknown): ItemText {
  const index = indexOf(pos);
  const item = memory.queue.at(Number(index));
  if (!item) throw refused(`Index '${index}' is out of range (parameter pos = '${str(asPython(pos))}')`);
  return item;
}

/** As it came: beyond 2^53 a number would show itself in other digits. */
function indexOf(pos: unknown): number | bigint {
  if (pos === 'back') return -1;
  if (pos === 'front') return 0;
  if (isInteger(pos)) return pos;
  if (typeof pos === 'boolean') throw refused(BOOLEAN_INDEX);
  throw refused(`Parameter 'pos' has incorrect type: pos=${str(asPython(pos))} (type=${classOf(pos)})`);
}

/** The item to take out. It is the same choice as `itemAt`, in other words. */
export function itemToRemove(memory: QueueMemory, { pos, uid }: Which): ItemText {
  if (isGiven(pos) && isGiven(uid)) throw refused('Ambiguous parameters: plan position and UID is specified');
  if (isGiven(uid)) return removableWithUid(memory, uid);
  if (!isGiven(pos) || pos === 'front' || pos === 'back') {
    if (memory.queue.size === 0) throw refused('Queue is empty');
  } else if (!isInteger(pos) && typeof pos !== 'boolean') {
    throw refused(`Parameter 'pos' has incorrect value: pos=${str(asPython(pos))} (type=${classOf(pos)})`);
  }
  return itemAt(memory, { pos });
}

function removableWithUid(memory: QueueMemory, uid: unknown): ItemText {
  const text = uidText(uid);
  if (text !== null && memory.isRunning(text)) throw refused('Can not remove an item which is currently running.');
  const item = text === null ? undefined : memory.find(text);
  if (!item) throw refused(`Plan with UID '${str(asPython(uid))}' is not in the queue.`);
  return item;
}

/** What no queue could make sense of; the original looks at this first. */
export function refuseAmbiguous({ pos, before_uid, after_uid }: Place): void {
  if (isGiven(pos) && (isGiven(before_uid) || isGiven(after_uid))) {
    throw refused('Ambiguous parameters: plan position and UID is specified');
  }
  if (isGiven(before_uid) && isGiven(after_uid)) {
    throw refused('Ambiguous parameters: request to insert the plan before and after the reference plan');
  }
}

/** The item before which a new one goes; null is the back. A new item may follow the running one: then it is the front. */
export function placeOf(memory: QueueMemory, { pos, before_uid, after_uid }: Place): ItemText | null {
  if (isGiven(before_uid)) return neighbour(memory, before_uid, true);
  if (isGiven(after_uid)) return neighbour(memory, after_uid, false);
  if (!isGiven(pos) || pos === 'back') return null;
  if (pos === 'front') return memory.queue.at(0) ?? null;
  const index = isInteger(pos) || typeof pos === 'boolean' ? Number(pos) : Number.NaN;
  const { size } = memory.queue;
  if (index === 0 || index < -size) return memory.queue.at(0) ?? null;
  if (index === -1 || index >= size) return null;
  if (typeof pos === 'boolean') throw refused(BOOLEAN_INDEX);
  if (Number.isNaN(index)) {
    throw refused(`Parameter 'pos' has incorrect value: pos='${str(asPython(pos))}' (type=${classOf(pos)})`);
  }
  // A negative index names the item behind which, counted from the back, the new one will stand.
  return memory.queue.at(index > 0 ? index : index + 1) ?? null;
}

function neighbour(memory: QueueMemory, uid: unknown, isBefore: boolean): ItemText | null {
  const text = uidText(uid);
  if (text !== null && memory.isRunning(text)) {
    if (isBefore) throw refused('Can not insert a plan in the queue before a currently running plan.');
    return memory.queue.at(0) ?? null;
  }
  const item = text === null ? undefined : memory.find(text);
  if (!item) throw refused(`Plan with UID '${str(asPython(uid))}' is not in the queue.`);
  return isBefore ? item : memory.after(item);
}
