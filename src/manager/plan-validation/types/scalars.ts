import { isDict, PyBytes } from '../../../lib/python-text/py-value.ts';
import { FIT, itemsOf } from './trial.ts';
import type { PyType } from './trial.ts';

/** Fits whatever it is; in a union a value that needs no interpretation elsewhere goes there. */
export const any: PyType = {
  label: 'any',
  shown: 'None',
  check(value, trial) {
    trial.atMost(FIT.strict);
    return value;
  },
};

export const none: PyType = {
  label: 'none',
  shown: 'Some(None(NoneValidator))',
  check: (value, trial) => (value === null ? null : trial.refuse('none_required', 'Input should be None', value)),
};

export const text: PyType = {
  label: 'str',
  shown: 'Some(Str(StrValidator { strict: false, coerce_numbers_to_str: false }))',
  check: (value, trial) =>
    typeof value === 'string' ? value : trial.refuse('string_type', 'Input should be a valid string', value),
};

export const bytes: PyType = {
  label: 'bytes',
  check(value, trial) {
    trial.atMost(FIT.lax);
    if (typeof value === 'string') return new PyBytes(Buffer.from(value).toString('latin1'));
    return trial.refuse('bytes_type', 'Input should be a valid bytes', value);
  },
};

/** Nothing that JSON can say is a function. */
export const callable: PyType = {
  label: 'callable',
  check: (value, trial) => trial.refuse('callable_type', 'Input should be callable', value),
};

/** Nothing that JSON can say is a class. */
export const classObject: PyType = {
  label: 'custom-error[is-instance[type]]',
  check: (value, trial) => trial.refuse('is_type', 'Input should be a type', value),
};

export const hashable: PyType = {
  label: 'custom-error[json-or-python[json=chain[any,is-instance[Hashable]],python=is-instance[Hashable]]]',
  check(value, trial) {
    if (Array.isArray(value) || isDict(value)) {
      return trial.refuse('is_hashable', 'Input should be hashable', value);
    }
    return value;
  },
};

export const bareSequence: PyType = {
  label: 'json-or-python[json=list[any],python=is-instance[Sequence]]',
  check(value, trial) {
    // A text is a sequence for Python, too.
    if (itemsOf(value) || typeof value === 'string') return value;
    return trial.refuse('is_instance_of', 'Input should be an instance of Sequence', value);
  },
};
