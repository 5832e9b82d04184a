import { pformat } from '../python-text/pprint.ts';
import type { PyValue } from '../python-text/py-value.ts';
import { repr } from '../python-text/repr.ts';
import type { Schema } from './schema.ts';
import { isOfType, violations } from './violations.ts';
import type { Path, Violation } from './violations.ts';

/**
 * What is told of a value that is not as a schema asks; `null` for one that is. Of several violations it is the one
 * nearest to the top, and of a choice the one that came nearest to holding.
 */
export function judge(value: PyValue, schema: Schema): Violation | null {
  const [first, ...others] = violations(value, schema);
  if (first === undefined) return null;
  let told = others.reduce((one, other) => (byRelevance(one, other) < 0 ? other : one), first);
  while (told.because.length > 0) {
    const [least, next] = told.because.toSorted(byRelevance);
    if (least === undefined || (next !== undefined && byRelevance(least, next) === 0)) break;
    told = least;
  }
  return told;
}

/** The nearer to the top the more relevant; then the later in order; then what is no choice; then what has another type. */
function byRelevance(one: Violation, other: Violation): number {
  return (
    other.at.instance.length - one.at.instance.length ||
    byPath(one.at.instance, other.at.instance) ||
    Number(one.rule !== 'oneOf') - Number(other.rule !== 'oneOf') ||
    Number(!matchesType(one)) - Number(!matchesType(other))
  );
}

function byPath(one: Path, other: Path): number {
  const n = one.findIndex((key, k) => key !== other[k]);
  return n < 0 ? 0 : (one[n] ?? '') < (other[n] ?? '') ? -1 : 1;
}

const matchesType = ({ value, violated: { type } }: Violation): boolean => type !== undefined && isOfType(value, type);

/** The summary, the schema that was violated, and the place: what Python prints of the error. */
export function sentence({ rule, summary, value, violated, at }: Violation): string {
  const indices = (path: Path): string => path.map((key) => `[${repr(key)}]`).join('');
  const block = (shown: PyValue): string => pformat(shown, 72).replaceAll('\n', '\n    ');
  return [
    `${summary}\n`,
    `Failed validating ${repr(rule)} in schema${indices(at.schema)}:`,
    // A schema is plain data; its type alone says more than a dictionary's.
    `    ${block(violated as unknown as PyValue)}\n`,
    `On instance${indices(at.instance)}:`,
    `    ${block(value)}`,
  ].join('\n');
}
