import type { PyValue } from '../../lib/python-text/py-value.ts';

/**
 * Which check refused an item. `no-name`, `not-allowed`, `description` (the description itself is faulty), `binding`,
 * `schema`, `type`, `range` and `meta` are checks of a plan, in this order; `item` refuses what is not a plan.
 */
export type Stage =
  'no-name' | 'not-allowed' | 'description' | 'binding' | 'schema' | 'type' | 'range' | 'meta' | 'item';

/**
 * What became of a check. `bound` maps parameter names to the arguments given (defaults not filled in); it is empty
 * where nothing was bound. `msg` is the text that clients of the original get, word for word.
 */
export type Verdict =
  | { readonly ok: true; readonly bound: ReadonlyMap<string, PyValue> }
  | { readonly ok: false; readonly stage: Stage; readonly msg: string };
