import { setImmediate as nextTurn } from 'node:timers/promises';
import { elements, parseView } from '../../lib/raw-json.ts';
import { refused, RefusalWith } from '../control/refused.ts';
import { RawText } from '../control/reply.ts';
import type { RequestParams } from '../control/request-params.ts';
import { isDict, typeName } from '../../lib/python-text/py-value.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { BatchRefused } from '../queue/queue-interface.ts';
import type { ItemText, Place } from '../queue/queue-interface.ts';
import { NewItems } from './new-items.ts';
import type { Submitter } from './new-items.ts';
import type { QueueParts } from './queue-parts.ts';

type BatchParams = RequestParams<'items' | 'user' | 'user_group'>;
interface ItemVerdict {
  readonly success: boolean;
  readonly msg: string;
}

/** So many are judged in one turn of the event loop; then others are served. */
const A_TURN = 200;
const LONG = 16 * 1024;

/** All of the items or none. A refusal has a verdict for each, and the items as they were received. */
export async function addBatch(
  params: BatchParams,
  { queue, resources, autostart, log }: QueueParts,
  place: Place,
): Promise<{ qsize: number; items: RawText; results: RawText }> {
  const failed = (error: Error | string, fields: { items?: RawText; results?: RawText }, isWholeSentence = false) => {
    log.info(`Batch of items added: success=False item_type='None' qsize=${queue.size}.`);
    return new RefusalWith(error, { qsize: queue.size, ...fields }, { isWholeSentence });
  };
  let received = new RawText('[]');
  try {
    const newItems = new NewItems(resources);
    if (!params.has('items')) throw refused('Invalid request format: the list of items is not found');
    const by = newItems.submitter(params);
    const text = params.text('items');
    // A long list is taken apart in a turn of its own.
    if (text.length > LONG) await nextTurn();
    const texts = text.startsWith('[') ? elements(text) : elementsOf(params.orNull('items'));
    received = new RawText(text);
    const { items, results } = await judged(newItems, texts, by);
    if (results.some(({ success }) => !success)) throw new BatchRefused(results);
    received = textOf(items);
    const added = await queue.addBatch(items, place);
    log.info(`Batch of items added: success=True item_type='None' qsize=${added.qsize}.`);
    autostart.look();
    return { qsize: added.qsize, items: textOf(added.items), results: resultsText(results) };
  } catch (error) {
    if (error instanceof BatchRefused) {
      throw failed(error, { items: received, results: resultsText(error.results) }, true);
    }
    throw failed(error as Error, {});
  }
}

/** What Python walks through, where that is no list: the characters of a text, the keys of a dictionary. */
function elementsOf(items: PyJson): string[] {
  if (typeof items === 'string') return Array.from(items, (char) => JSON.stringify(char));
  if (isDict(items)) return Object.keys(items).map((key) => JSON.stringify(key));
  throw refused(`'${typeName(items)}' object is not iterable`);
}

async function judged(
  newItems: NewItems,
  texts: readonly string[],
  by: Submitter,
): Promise<{ items: ItemText[]; results: ItemVerdict[] }> {
  const items: ItemText[] = [];
  const results: ItemVerdict[] = [];
  for (const [index, text] of texts.entries()) {
    if (index % A_TURN === A_TURN - 1) await nextTurn();
    try {
      const view = parseView(text) as PyJson; // whatever JSON can say
      if (view === null) throw refused(NEITHER);
      items.push(newItems.one(view, text, by));
      results.push(GOOD);
    } catch (error) {
      results.push({ success: false, msg: `Failed to add a plan: ${(error as Error).message}` });
    }
  }
  return { items, results };
}

/** The original says it of an item that is nothing. */
const NEITHER = "Runtime error: Only one of 'request' or 'item' parameters may be not None: request=None, item=None";

const GOOD: ItemVerdict = { success: true, msg: '' };
const textOf = (items: readonly ItemText[]): RawText => new RawText(`[${items.map(({ text }) => text).join(',')}]`);
const resultsText = (results: readonly ItemVerdict[]): RawText => new RawText(JSON.stringify(results));
