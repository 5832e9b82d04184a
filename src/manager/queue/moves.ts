import { CodedError } from '../../protocol/error-codes.ts';
import { listText, repr, str } from '../../lib/python-text/repr.ts';
import type { ItemText } from '../store/store.ts';
import { itemAt } from './place.ts';
import type { Which } from './place.ts';
import type { Place } from './queue-interface.ts';
import type { QueueMemory } from './queue-memory.ts';
import { asPython, classOf, isGiven, refused, uidText } from './refusal.ts';

export interface MoveRequest extends Which, Omit<Place, 'pos'> {
  readonly pos_dest?: unknown;
}
export interface MoveBatchRequest extends Omit<MoveRequest, 'pos' | 'uid'> {
  readonly uids: unknown;
  readonly reorder?: unknown;
}

/** What goes where: before that item, null is the back. `isDone` when it stands there already. */
export interface Move {
  readonly items: readonly ItemText[];
  readonly before: ItemText | null;
  readonly isDone: boolean;
}

/** One item to another place in the queue. An index as destination is where the item stands afterwards. */
export function moveOf(memory: QueueMemory, request: MoveRequest): Move {
  refuseUnclear(request);
  const moved = source(memory, request);
  const { item, isBefore } = destination(memory, moved, request);
  if (item === moved) return { items: [moved], before: moved, isDone: true };
  if (isBefore) return { items: [moved], before: item, isDone: false };
  const behind = memory.after(item);
  return { items: [moved], before: behind === moved ? memory.after(moved) : behind, isDone: false };
}

function refuseUnclear({ pos, uid, pos_dest, before_uid, after_uid }: MoveRequest): void {
  const isNextTo = isGiven(before_uid) || isGiven(after_uid);
  if (!isGiven(pos) && !isGiven(uid)) throw refused('Source position or UID is not specified.');
  if (!isGiven(pos_dest) && !isNextTo) throw refused('Destination position or UID is not specified.');
  if (isGiven(pos) && isGiven(uid)) {
    throw refused('Ambiguous parameters: Both position and uid is specified for the source plan.');
  }
  if (isGiven(pos_dest) && isNextTo) {
    throw refused('Ambiguous parameters: Both position and uid is specified for the destination plan.');
  }
  if (isGiven(before_uid) && isGiven(after_uid)) {
    throw refused("Ambiguous parameters: source should be moved 'before' and 'after' the destination.");
  }
}

function source(memory: QueueMemory, { pos, uid }: Which): ItemText {
  const what = isGiven(uid) ? `UID '${str(asPython(uid))}'` : `position ${str(asPython(pos))}`;
  return explained(what, 'Source', () => itemAt(memory, { pos, uid }));
}

function destination(
  memory: QueueMemory,
  moved: ItemText,
  { pos_dest: pos, before_uid, after_uid }: MoveRequest,
): { item: ItemText; isBefore: boolean } {
  if (isGiven(before_uid) || isGiven(after_uid)) {
    // An empty `before_uid` counts as none, and no UID at all as the last item: so does the original.
    const isBefore = isGiven(before_uid) && before_uid !== '';
    const uid = isBefore ? before_uid : after_uid;
    const item = explained(`UID '${str(asPython(uid))}'`, 'Destination', () => itemAt(memory, { uid }));
    return { item, isBefore };
  }
  const item = explained(`position ${str(asPython(pos))}`, 'Destination', () => itemAt(memory, { pos }));
  if (pos === 'front' || pos === 'back') return { item, isBefore: pos === 'front' };
  return { item, isBefore: memory.queue.indexOf(moved) > memory.queue.indexOf(item) };
}

function explained(what: string, which: 'Source' | 'Destination', find: () => ItemText): ItemText {
  try {
    return find();
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    throw refused(`${which} plan (${what}) was not found: ${cause.message}.`);
  }
}

/** Several items, to stand together: the first goes where the request says, the others follow it. All or none. */
export function moveBatchOf(memory: QueueMemory, request: MoveBatchRequest): Move {
  const { pos_dest, before_uid, after_uid, reorder } = request;
  const place = { pos_dest, before_uid, after_uid };
  const listed = uidList(request.uids);
  refuseUnclearBatch(place);
  const uids = uidsInQueue(memory, listed);
  refuseNextToItself(uids, place);
  const [first, ...others] = isTrue(reorder) ? inQueueOrder(memory, uids) : uids;
  if (first === undefined) return { items: [], before: null, isDone: true };
  const move = moveOf(memory, { uid: first, ...place });
  const items = [...move.items, ...others.map((uid) => source(memory, { uid }))];
  if (items.length === 1) return move;
  return { items, before: behindBatch(memory, move.before, new Set(items)), isDone: false };
}

const inQueueOrder = (memory: QueueMemory, uids: readonly string[]): string[] => {
  const indices = new Map(uids.map((uid) => [uid, indexByUid(memory, uid)]));
  return uids.toSorted((a, b) => (indices.get(a) ?? -1) - (indices.get(b) ?? -1));
};

/** The running item, which stands nowhere, counts as first: its refusal then comes before any other. */
function indexByUid(memory: QueueMemory, uid: string): number {
  const item = memory.find(uid);
  return item ? memory.queue.indexOf(item) : -1;
}

/** The first item not of the batch from there on: what it goes before may itself be about to move. */
function behindBatch(memory: QueueMemory, from: ItemText | null, batch: ReadonlySet<ItemText>): ItemText | null {
  let item = from;
  while (item && batch.has(item)) item = memory.after(item);
  return item;
}

type BatchPlace = Omit<MoveBatchRequest, 'uids' | 'reorder'>;

function refuseUnclearBatch({ pos_dest, before_uid, after_uid }: BatchPlace): void {
  const given = [pos_dest, before_uid, after_uid].filter(isGiven).length;
  if (given < 1) {
    const names = "use parameters 'pos_dest', 'before_uid' or 'after_uid'";
    throw refused(`Destination for the batch is not specified: ${names}`);
  }
  if (given > 1) {
    const names = "('pos_dest', 'before_uid', 'after_uid')";
    throw refused(`The function was called with more than one mutually exclusive parameter ${names}`);
  }
}

function refuseNextToItself(uids: readonly string[], { before_uid, after_uid }: BatchPlace): void {
  for (const [name, uid] of Object.entries({ before_uid, after_uid })) {
    if (typeof uid === 'string' && uids.includes(uid)) {
      throw refused(`Parameter '${name}': item with UID '${uid}' is in the batch`);
    }
  }
}

/** Nothing, in any of Python's ways to say so, is an empty list. What it holds need not be UIDs. */
export function uidList(uids: unknown): readonly unknown[] {
  if (!isTrue(uids)) return [];
  if (!Array.isArray(uids)) throw refused(`Parameter 'uids' must be a list: type(uids) = ${classOf(uids)}`);
  return uids;
}

/** All of them are there, once. @throws REFUSED also of what Python could not even look up */
export function uidsInQueue(memory: QueueMemory, uids: readonly unknown[]): string[] {
  for (const uid of uids) uidText(uid);
  const repeated = uids.length - new Set(uids.map((uid) => repr(asPython(uid)))).size;
  if (repeated > 0) throw refused(`The list of contains repeated UIDs (${repeated} UIDs)`);
  const isThere = (uid: unknown): uid is string =>
    typeof uid === 'string' && (memory.find(uid) !== undefined || memory.isRunning(uid));
  const missing = uids.filter((uid) => !isThere(uid)).map(asPython);
  if (missing.length === 0) return uids.filter(isThere);
  throw refused(`The queue does not contain items with the following UIDs: ${listText(missing)}`);
}

/** What Python takes for true. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null && classOf(value) === "<class 'dict'>") {
    return Object.keys(value).length > 0;
  }
  return value instanceof Object ? Number(value) !== 0 : Boolean(value);
}
