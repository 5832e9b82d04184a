import type { PyValue } from '../../lib/python-text/py-value.ts';
import { integerOrText } from './integer.ts';
import { CommandRefused } from './words.ts';
import type { Words } from './words.ts';

type Place = number | bigint | 'front' | 'back';
const ENDS = ['front', 'back'] as const;

/** Which item is meant: `front`, `back` or an index; any other word is its UID. */
export function itemAddress(words: Words): { pos: Place } | { uid: string } {
  const word = integerOrText(words.take("'front', 'back', an index or a UID"));
  if (word === 'front' || word === 'back') return { pos: word };
  return typeof word === 'string' ? { uid: word } : { pos: word };
}

type Destination<P extends string> = Partial<Record<P | 'before_uid' | 'after_uid', PyValue>>;

/**
 * Where an item is to go: `front`, `back`, an index, or `before` or `after` a UID. Nothing is taken where the next word is none
 * of these. `pos` is what the method calls the position.
 */
export function destination<const P extends 'pos' | 'pos_dest'>(words: Words, pos: P): Destination<P> {
  const side = words.takeOneOf(['before', 'after']);
  if (side !== undefined) return { [`${side}_uid`]: words.take('a UID') } as Destination<P>;
  const end = words.takeOneOf(ENDS);
  if (end !== undefined) return { [pos]: end } as Destination<P>;
  const place = integerOrText(words.ahead ?? '');
  return typeof place === 'string' ? {} : ({ [pos]: integerOrText(words.take('')) } as Destination<P>);
}

/** The same, where there must be one. @throws CommandRefused */
export function mustHaveDestination<const P extends 'pos' | 'pos_dest'>(words: Words, pos: P): Destination<P> {
  const found = destination(words, pos);
  if (Object.keys(found).length > 0) return found;
  const received = words.ahead === undefined ? 'nothing' : `'${words.ahead}'`;
  const rule = "'front', 'back', an index, or 'before' or 'after' and a UID";
  throw new CommandRefused(`The destination in '${words.whole}' must be ${rule}, received ${received}`);
}
