import { PyTuple, typeName } from '../../../lib/python-text/py-value.ts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import { repr } from '../../../lib/python-text/repr.ts';

/**
 * How well a value fits a type. In a union the best fit wins, the first of equal ones: `exact` is the very type,
 * `strict` a value that needs no interpretation, `lax` one that was interpreted, as `'5'` is for a number.
 */
export const FIT = { lax: 0, strict: 1, exact: 2 } as const;
export type Fit = (typeof FIT)[keyof typeof FIT];

/** Why a value does not fit. `type` and the sentence are pydantic's. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  readonly type: string;
  readonly sentence: string;
  readonly value: PyValue;
}

/** One attempt to fit a value to a type: where it is now, how well it went, what went wrong. */
export class Trial {
  readonly path: (string | number)[];
  readonly misfits: Misfit[] = [];
  fit: Fit = FIT.exact;

  constructor(path: readonly (string | number)[] = []) {
    this.path = [...path];
  }

  atMost(fit: Fit): void {
    if (fit < this.fit) this.fit = fit;
  }

  /** Notes why the value here does not fit, and answers what a check answers then. */
  refuse(type: string, sentence: string, value: PyValue): undefined {
    this.misfits.push({ path: [...this.path], type, sentence, value });
    return undefined;
  }

  /** A part of the value, at a place of its own. */
  at(place: string | number, type: PyType, value: PyValue): PyValue | undefined {
    this.path.push(place);
    const found = type.check(value, this);
    this.path.pop();
    return found;
  }
}

/** A type that a parameter is declared with. */
export interface PyType {
  /** How it is called in places and in names of other types: `list[int]`. */
  readonly label: string;
  /** How it shows in the `repr` of an iterator over it. */
  readonly shown?: string;
  /** The value as the type takes it, which is not always the value given; `undefined` where it does not fit. */
  check(value: PyValue, trial: Trial): PyValue | undefined;
}

/** Links in messages name this version, whose sentences these are. */
const PYDANTIC_VERSION = '2.14';
/** The one sentence of the original's own making; it has no page to link to. */
const UNLINKED = new Set(['sequence_str']);

/** All that went wrong, as a ValidationError of pydantic prints it. */
export function misfitText(title: string, misfits: readonly Misfit[]): string {
  const head = `${misfits.length} validation error${misfits.length === 1 ? '' : 's'} for ${title}`;
  return [head, ...misfits.map(paragraph)].join('\n');
}

function paragraph({ path, type, sentence, value }: Misfit): string {
  const received = `input_value=${shortened(repr(value))}, input_type=${typeName(value)}`;
  const text = `${path.map(placeText).join('.')}\n  ${sentence} [type=${type}, ${received}]`;
  if (UNLINKED.has(type)) return text;
  return `${text}\n    For further information visit https://errors.pydantic.dev/${PYDANTIC_VERSION}/v/${type}`;
}

const placeText = (place: string | number): string => (String(place).includes('.') ? `\`${place}\`` : String(place));

/** At most 50 bytes: 25 of the beginning and 24 of the end, whole characters only. */
function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= 50) return text;
  const isInside = (at: number): boolean => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let [head, tail] = [25, bytes.length - 24];
  while (isInside(head)) head--;
  while (isInside(tail)) tail++;
  return `${bytes.subarray(0, head).toString()}...${bytes.subarray(tail).toString()}`;
}

/** The elements of a list or tuple; `null` for anything else. */
export function itemsOf(value: PyValue): readonly PyValue[] | null {
  if (Array.isArray(value)) return value;
  return value instanceof PyTuple ? value.items : null;
}
