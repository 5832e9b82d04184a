import { isDict, PyIterator, PyMap, PySet, PyTuple } from '../../../lib/python-text/py-value.ts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import { repr } from '../../../lib/python-text/repr.ts';
import { FIT, itemsOf, misfitText, Trial } from './trial.ts';
import type { PyType } from './trial.ts';

export const list = (of: PyType): PyType => ({
  label: `list[${of.label}]`,
  check(value, trial) {
    const items = itemsOf(value);
    if (!items) return trial.refuse('list_type', 'Input should be a valid list', value);
    if (!Array.isArray(value)) trial.atMost(FIT.lax);
    return checkedItems(items, of, trial);
  },
});

/** All items are checked, whatever is wrong with the first: a person wants to know of all. */
function checkedItems(items: readonly PyValue[], of: PyType, trial: Trial): PyValue[] | undefined {
  const before = trial.misfits.length;
  const checked = items.map((item, n) => trial.at(n, of, item) as PyValue);
  return trial.misfits.length === before ? checked : undefined;
}

export const set = (of: PyType, kind: 'set' | 'frozenset' = 'set'): PyType => ({
  label: `${kind}[${of.label}]`,
  check(value, trial) {
    const items = itemsOf(value);
    if (!items) {
      const type = kind === 'set' ? 'set_type' : 'frozen_set_type';
      return trial.refuse(type, `Input should be a valid ${kind}`, value);
    }
    trial.atMost(FIT.lax);
    const before = trial.misfits.length;
    const checked = new Map<string, PyValue>();
    items.forEach((item, n) => {
      const found = trial.at(n, of, item);
      if (found === undefined) return;
      if (Array.isArray(found) || isDict(found)) {
        trial.path.push(n);
        trial.refuse('set_item_not_hashable', 'Set items should be hashable', item);
        trial.path.pop();
      }
      if (!checked.has(repr(found))) checked.set(repr(found), found);
    });
    return trial.misfits.length === before ? new PySet(Array.from(checked.values())) : undefined;
  },
});

export const tuple = (of: readonly PyType[]): PyType => ({
  label: `tuple[${of.map(({ label }) => label).join(', ')}]`,
  check(value, trial) {
    const items = itemsOf(value);
    if (!items) return trial.refuse('tuple_type', 'Input should be a valid tuple', value);
    if (Array.isArray(value)) trial.atMost(FIT.lax);
    const before = trial.misfits.length;
    if (items.length > of.length) {
      const most = `${of.length} item${of.length === 1 ? '' : 's'}`;
      const sentence = `Tuple should have at most ${most} after validation, not ${items.length}`;
      return trial.refuse('too_long', sentence, value);
    }
    const checked = of.map((type, n) => {
      const item = items[n];
      if (item !== undefined) return trial.at(n, type, item) as PyValue;
      trial.path.push(n);
      trial.refuse('missing', 'Field required', value);
      trial.path.pop();
      return null;
    });
    return trial.misfits.length === before ? new PyTuple(checked) : undefined;
  },
});

export const tupleOfAny = (of: PyType): PyType => ({
  label: `tuple[${of.label}, ...]`,
  check(value, trial) {
    const items = itemsOf(value);
    if (!items) return trial.refuse('tuple_type', 'Input should be a valid tuple', value);
    if (Array.isArray(value)) trial.atMost(FIT.lax);
    const checked = checkedItems(items, of, trial);
    return checked && new PyTuple(checked);
  },
});

export const dict = (keys: PyType, values: PyType, kind: 'dict' | 'ordered-dict' = 'dict'): PyType => ({
  label: `${kind}[${keys.label},${values.label}]`,
  check(value, trial) {
    if (!isDict(value)) {
      return kind === 'dict'
        ? trial.refuse('dict_type', 'Input should be a valid dictionary', value)
        : trial.refuse('ordered_dict_type', 'Input should be a valid OrderedDict', value);
    }
    const before = trial.misfits.length;
    const entries = Object.entries(value).map(([key, member]): [PyValue, PyValue] => {
      trial.path.push(key);
      const checkedKey = trial.at('[key]', keys, key);
      trial.path.pop();
      return [checkedKey as PyValue, trial.at(key, values, member) as PyValue];
    });
    return trial.misfits.length === before ? new PyMap(entries) : undefined;
  },
});

/** A list, tuple or range, whose items are checked; a text is refused, though Python calls it a sequence, too. */
export function sequence(of: PyType): PyType {
  const inner = list(of);
  const chain = `chain[is-instance[Sequence],function-wrap[sequence_validator()]]`;
  return {
    label: `json-or-python[json=${inner.label},python=${chain}]`,
    check(value, trial) {
      if (typeof value === 'string') {
        return trial.refuse('sequence_str', "'str' instances are not allowed as a Sequence value", value);
      }
      if (Array.isArray(value)) return inner.check(value, trial);
      const items = itemsOf(value);
      if (!items) return trial.refuse('is_instance_of', 'Input should be an instance of Sequence', value);
      const checked = checkedItems(items, of, trial);
      return checked && new PyTuple(checked);
    },
  };
}

/** A refusal that comes when an element is asked for, after the value as a whole was accepted. */
export class ElementRefused extends Error {}

/** Anything that can be gone through: a list, the keys of a dictionary, the letters of a text. */
export const iterable = (of: PyType): PyType => ({
  label: `generator[${of.label}]`,
  check(value, trial) {
    const elements = elementsOf(value);
    if (!elements) return trial.refuse('iterable_type', 'Input should be iterable', value);
    return new PyIterator(of.shown ?? `Some(${of.label})`, elements.length, (index) => {
      const element = elements[index] ?? null;
      const own = new Trial();
      const found = own.at(index, of, element);
      if (found === undefined) throw new ElementRefused(misfitText('ValidatorIterator', own.misfits));
      return found;
    });
  },
});

function elementsOf(value: PyValue): readonly PyValue[] | null {
  if (typeof value === 'string') return Array.from(value);
  return isDict(value) ? Object.keys(value) : itemsOf(value);
}
