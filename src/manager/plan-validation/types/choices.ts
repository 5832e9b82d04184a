import { WholeFloat } from '../../../lib/raw-json.ts';
import { PyMember } from '../../../lib/python-text/py-value.ts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import { repr } from '../../../lib/python-text/repr.ts';
import { floatOf } from './numbers.ts';
import { none } from './scalars.ts';
import { FIT, Trial } from './trial.ts';
import type { Fit, PyType } from './trial.ts';

interface Union extends PyType {
  readonly choices: readonly PyType[];
}
const isUnion = (type: PyType): type is Union => 'choices' in type;

/** One of several types; what a union of unions may be is one union, and each type is in it once. */
export function union(types: readonly PyType[]): PyType {
  const flat = types.flatMap((type) => (isUnion(type) ? type.choices : [type]));
  const choices = flat.filter((type, n) => flat.findIndex((other) => isSame(type, other)) === n);
  const others = choices.filter((type) => type !== none);
  const [only] = others;
  if (!only) return none;
  const inner = others.length === 1 ? only : smartUnion(others);
  return others.length === choices.length ? inner : ({ ...nullable(inner), choices } as Union);
}

const isSame = (a: PyType, b: PyType): boolean => a === b || a.label === b.label;

const nullable = (inner: PyType): PyType => ({
  label: `nullable[${inner.label}]`,
  shown: `Some(Nullable(NullableValidator { validator: ${unwrapped(inner)}, name: "nullable[${inner.label}]" }))`,
  check: (value, trial) => (value === null ? null : inner.check(value, trial)),
});

const unwrapped = ({ shown, label }: PyType): string => /^Some\((.*)\)$/s.exec(shown ?? '')?.[1] ?? label;

/** The choice that fits best takes the value; where none does, each says why, at a place named after it. */
function smartUnion(choices: readonly PyType[]): Union {
  return {
    label: `union[${choices.map(({ label }) => label).join(',')}]`,
    choices,
    check(value, trial) {
      let best: { found: PyValue; fit: Fit } | undefined;
      const misfits = [];
      for (const choice of choices) {
        const own = new Trial([...trial.path, choice.label]);
        const found = choice.check(value, own);
        if (found === undefined) misfits.push(...own.misfits);
        else if (own.fit === FIT.exact) return found;
        else if (best === undefined || own.fit > best.fit) best = { found, fit: own.fit };
      }
      if (best === undefined) {
        trial.misfits.push(...misfits);
        return undefined;
      }
      trial.atMost(best.fit);
      return best.found;
    },
  };
}

/** A list of names: of devices, plans or words. Each stands for the member of that name. */
export function enumeration(name: string, values: readonly string[]): PyType {
  const members = new Map(values.map((value) => [value, new PyMember(name, value)]));
  if (members.size === 0) {
    return {
      label: `is-instance[${name}]`,
      check: (value, trial) => trial.refuse('is_instance_of', `Input should be an instance of ${name}`, value),
    };
  }
  const sentence = `Input should be ${alternatives(Array.from(members.keys()))}`;
  return {
    label: `enum[${name}]`,
    check(value, trial) {
      trial.atMost(FIT.lax);
      const member = typeof value === 'string' ? members.get(value) : undefined;
      return member ?? trial.refuse('enum', sentence, value);
    },
  };
}

/** One of some values. Numbers count by their value: 1.0 and True stand for 1. */
export function oneOf(values: readonly PyValue[]): PyType {
  const sentence = `Input should be ${alternatives(values)}`;
  const hasNumbers = values.some((value) => numeric(value) !== null);
  return {
    label: `literal[${values.map(repr).join(',')}]`,
    check(value, trial) {
      const found = values.find((one) => isEqual(one, value));
      if (found !== undefined) return found;
      if (hasNumbers && typeof value === 'bigint') {
        return trial.refuse(
          'int_parsing_size',
          'Unable to parse input string as an integer, exceeded maximum size',
          value,
        );
      }
      return trial.refuse('literal_error', sentence, value);
    },
  };
}

function isEqual(one: PyValue, other: PyValue): boolean {
  const [a, b] = [numeric(one), numeric(other)];
  return a !== null && b !== null ? a === b : one === other;
}

function numeric(value: PyValue): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' || value instanceof WholeFloat) return floatOf(value) ?? Number(value);
  return null;
}

/** `'a', 'b' or 1`. */
function alternatives(values: readonly PyValue[]): string {
  const shown = values.map(repr);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}
