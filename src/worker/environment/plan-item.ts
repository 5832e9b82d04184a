import { members, parsePlain } from '../../lib/raw-json.ts';

/** A plan or function as a client submitted it, for the call that it asks for. */
export interface ItemCall {
  readonly uid: string;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly user: string | undefined;
  readonly userGroup: string | undefined;
}

/** Reads an item's own JSON text. @throws SyntaxError for text that is no JSON object, TypeError naming a bad member */
export function itemCall(text: string): ItemCall {
  const slices = members(text);
  const value = (member: string): unknown => {
    const slice = slices.get(member);
    return slice === undefined ? undefined : parsePlain(slice);
  };
  const name = value('name');
  const args = value('args') ?? [];
  const kwargs = value('kwargs') ?? {};
  if (typeof name !== 'string') throw new TypeError(`An item's name must be a string, received ${slices.get('name')}`);
  if (!Array.isArray(args)) throw new TypeError(`An item's args must be a list, received ${slices.get('args')}`);
  if (!isRecord(kwargs)) throw new TypeError(`An item's kwargs must be an object, received ${slices.get('kwargs')}`);
  return {
    uid: textOf(value('item_uid')) ?? '',
    name,
    args,
    kwargs,
    meta: merged(value('meta')),
    user: textOf(value('user')),
    userGroup: textOf(value('user_group')),
  };
}

/** Of several dictionaries the first one that names a key counts. The refusal is the original's, word for word. */
function merged(meta: unknown): Record<string, unknown> {
  const list = [meta ?? {}].flat();
  if (!list.every(isRecord)) {
    throw new TypeError(
      `Error while parsing the plan: Plan metadata must be a dictionary or a list of dictionaries: '${JSON.stringify(meta)}'`,
    );
  }
  return Object.assign({}, ...list.toReversed()) as Record<string, unknown>;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
