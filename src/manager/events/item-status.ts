import { members, parsePlain } from '../../lib/raw-json.ts';
import { coded } from '../../protocol/error-codes.ts';
import type { ItemResult } from '../../protocol/item.ts';
import type { ItemState, ItemStatus } from '../../protocol/methods/items.ts';
import { RawText } from '../control/reply.ts';
import type { ItemPlace, ItemText, PlanQueue } from '../queue/queue-interface.ts';
import type { ItemStories, ItemStory } from './item-stories.ts';

export interface ItemStatusParts {
  readonly queue: Pick<PlanQueue, 'whereIs' | 'events'>;
  readonly stories: ItemStories;
  /** Runs that the running item has opened so far. */
  readonly runsNow: (uid: string) => readonly string[];
}

/** With the item in the client's own bytes. */
type Told = Omit<ItemStatus, 'item'> & { readonly item: RawText | null };

/**
 * One item from its submission to its end. Where it is and how it ended say queue, running item and history; when, and
 * what became of one that is in none of them, says the log.
 * @throws ITEM_UNKNOWN
 */
export async function itemStatus(uid: string, { queue, stories, runsNow }: ItemStatusParts): Promise<Told> {
  await stories.caughtUp();
  const place = queue.whereIs(uid);
  const story = stories.get(uid);
  if (place === null && story === undefined) throw coded('ITEM_UNKNOWN', { uid });
  const told = { item_uid: uid, ...storyOf(story), last_event: queue.events.last };
  switch (place?.where) {
    case 'queue':
      return { ...told, ...QUEUED, position: place.position, item: textOf(place) };
    case 'running':
      return { ...told, ...RUNNING, item: textOf(place), run_uids: [...runsNow(uid)] };
    case 'history':
      return { ...told, ...filed(place.item), ended_at: story?.ended_at ?? resultOf(place.item)?.time_stop ?? null };
    default:
      return { ...told, ...GONE, state: story?.state ?? 'unknown' };
  }
}

const GONE = { position: null, item: null, run_uids: [], result: null };
const QUEUED = { ...GONE, state: 'queued', started_at: null, ended_at: null } as const;
const RUNNING = { ...GONE, state: 'running', ended_at: null } as const;

const textOf = ({ item }: ItemPlace): RawText => new RawText(item.text);

function storyOf(story: ItemStory | undefined): Omit<ItemStory, 'state'> {
  const { submitted_at = null, started_at = null, ended_at = null } = story ?? {};
  const { requeued_as = null, copy_of = null, replaced_by = null } = story ?? {};
  return { submitted_at, started_at, ended_at, requeued_as, copy_of, replaced_by };
}

function filed(item: ItemText) {
  const result = resultOf(item);
  return {
    state: (result?.exit_status ?? 'unknown') as ItemState,
    position: null,
    item: new RawText(item.text),
    ...(result === null ? {} : { started_at: result.time_start }),
    run_uids: result?.run_uids ?? [],
    result,
  };
}

/** Written by us or by the original: an item of the history has one. */
function resultOf({ text }: ItemText): ItemResult | null {
  const result = members(text).get('result');
  return result === undefined ? null : (parsePlain(result) as ItemResult);
}
