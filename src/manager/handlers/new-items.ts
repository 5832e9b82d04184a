import { members, objectText } from '../../lib/raw-json.ts';
import { refused, RefusalWith } from '../control/refused.ts';
import { RawText } from '../control/reply.ts';
import type { RequestParams } from '../control/request-params.ts';
import { getItem, isDict, typeName } from '../../lib/python-text/py-value.ts';
import type { PyDict, PyJson } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { isTrue } from '../../lib/python-text/truth.ts';
import type { ItemText } from '../queue/queue-interface.ts';
import type { Resources } from '../resources/resources.ts';

type ItemParams = RequestParams<'item' | 'user' | 'user_group'>;
export interface Submitter {
  readonly user: PyJson;
  readonly userText: string;
  readonly group: string;
  readonly groupText: string;
}

const FORMAT = 'Incorrect request format: ';
const QUEUE_TYPES = ['plan', 'instruction'] as const;

/**
 * Makes items of what clients submit: judged for the group that asks, signed by it, under a UID of ours. Everything else
 * stays in the client's own bytes.
 */
export class NewItems {
  readonly #resources: Pick<Resources, 'permissions'>;

  constructor(resources: Pick<Resources, 'permissions'>) {
    this.#resources = resources;
  }

  /** @throws RefusalWith the item as it was received */
  prepared(params: ItemParams, types: readonly string[] = QUEUE_TYPES): ItemText {
    return this.#fromParams(params, types, true).item;
  }

  /** For an item that takes the place of the one with its UID; under a new UID only where it replaces it. */
  changed(params: ItemParams, isReplaced: boolean): { item: ItemText; originalUid: string } {
    const { item, originalUid } = this.#fromParams(params, QUEUE_TYPES, isReplaced);
    return { item, originalUid: originalUid as string }; // The queue says so when it is no text.
  }

  /** @throws REFUSED */
  submitter(params: RequestParams<'user' | 'user_group'>): Submitter {
    if (!params.has('user_group')) throw refused(`${FORMAT}user group is not specified`);
    if (!params.has('user')) throw refused(`${FORMAT}user name is not specified`);
    const group = params.orNull('user_group');
    if (typeof group !== 'string' || !this.#resources.permissions.groups.includes(group)) {
      throw refused(unknownGroup(group));
    }
    return { user: params.orNull('user'), userText: params.text('user'), group, groupText: params.text('user_group') };
  }

  /** One item from its view and its text. @throws REFUSED */
  one(view: PyJson, text: string, by: Submitter, types: readonly string[] = QUEUE_TYPES, isNew = true): ItemText {
    checkType(view, types);
    const verdict = this.#resources.permissions.validateItem(view as PyDict, by.group); // `checkType` saw a dictionary
    if (!verdict.ok) throw refused(verdict.msg);
    const parts = members(text);
    parts.set('user', by.userText);
    parts.set('user_group', by.groupText);
    if (!isNew && !parts.has('item_uid')) {
      throw refused('Item description contains no UID and UID generation is skipped');
    }
    const uid = isNew ? crypto.randomUUID() : (getItem(view as PyDict, 'item_uid') as string);
    if (isNew) parts.set('item_uid', JSON.stringify(uid));
    return { uid, text: objectText(parts) };
  }

  #fromParams(params: ItemParams, types: readonly string[], isNew: boolean): { item: ItemText; originalUid: PyJson } {
    const view = params.view('item');
    if (view === undefined) throw refused(`${FORMAT}request contains no item info`);
    const text = params.text('item');
    try {
      checkType(view, types);
      const item = this.one(view, text, this.submitter(params), types, isNew);
      return { item, originalUid: getItem(view as PyDict, 'item_uid') ?? null };
    } catch (error) {
      // The original stumbles over a number in its own log line, and its reply says no more than that.
      if (isTrue(view) && isNumber(view)) {
        throw new RefusalWith(`argument of type '${typeName(view)}' is not iterable`, {}, { isBare: true });
      }
      throw new RefusalWith(error as Error, { item: new RawText(text) });
    }
  }
}

const isNumber = (view: PyJson): boolean => ['int', 'float', 'bool'].includes(typeName(view));

/** What goes wrong after the item was made is told with the item as it was made. */
export async function itemReceived<T>(item: ItemText, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new RefusalWith(error as Error, { item: new RawText(item.text) });
  }
}

function checkType(view: PyJson, types: readonly string[]): void {
  if (!isDict(view)) {
    throw refused(
      `${FORMAT}incorrect type ('<class '${typeName(view)}'>') of item parameter: item parameter must have type 'dict'`,
    );
  }
  const type = getItem(view, 'item_type') ?? null;
  if (type === null) throw refused(`${FORMAT}'item_type' key is not found`);
  if (typeof type !== 'string' || !types.includes(type)) {
    throw refused(`${FORMAT}unsupported 'item_type' value: '${str(type)}', supported item types ${tupleOf(types)}`);
  }
}

const tupleOf = (types: readonly string[]): string =>
  types.length === 1 ? `(${repr(types[0] as string)},)` : `(${types.map((type) => repr(type)).join(', ')})`;

function unknownGroup(group: PyJson): string {
  if (Array.isArray(group) || isDict(group)) return `unhashable type: '${typeName(group)}'`;
  return `Unknown user group: '${str(group)}'`;
}
