import { WholeFloat } from '../../../lib/raw-json.ts';
import { PyComplex } from '../../../lib/python-text/py-value.ts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import { FIT } from './trial.ts';
import type { PyType } from './trial.ts';

const INT_TEXT = /^\s*([+-]?)(\d+(?:_\d+)*)(?:\.0*)?\s*$/;
const FLOAT_TEXT =
  /^\s*[+-]?(?:(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?|inf(?:inity)?|nan)\s*$/i;
const LARGEST_INT64 = 2 ** 63;

/** A float that is whole, or null for other values. */
const isInt = (value: PyValue): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

/** The number of a float, whole or not; `null` for what is no float. */
export function floatOf(value: PyValue): number | null {
  if (value instanceof WholeFloat) return value.value;
  return typeof value === 'number' && !Number.isInteger(value) ? value : null;
}

export const asFloat = (value: number): number | WholeFloat =>
  Number.isInteger(value) ? new WholeFloat(value) : value;

export const int: PyType = {
  label: 'int',
  shown: 'Some(Int(IntValidator { strict: false }))',
  check(value, trial) {
    if (isInt(value)) return value;
    trial.atMost(FIT.lax);
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'string') {
      const integer = intOfText(value);
      if (integer !== null) return integer;
      return trial.refuse(
        'int_parsing',
        'Input should be a valid integer, unable to parse string as an integer',
        value,
      );
    }
    const float = floatOf(value);
    if (float === null) return trial.refuse('int_type', 'Input should be a valid integer', value);
    if (!Number.isFinite(float)) return trial.refuse('finite_number', 'Input should be a finite number', value);
    if (!Number.isInteger(float)) {
      return trial.refuse(
        'int_from_float',
        'Input should be a valid integer, got a number with a fractional part',
        value,
      );
    }
    if (Math.abs(float) >= LARGEST_INT64) {
      return trial.refuse(
        'int_parsing_size',
        'Unable to parse input string as an integer, exceeded maximum size',
        value,
      );
    }
    return Number.isSafeInteger(float) ? float : BigInt(float);
  },
};

function intOfText(text: string): number | bigint | null {
  const [, sign = '', digits] = INT_TEXT.exec(text) ?? [];
  if (digits === undefined) return null;
  const integer = BigInt(digits.replaceAll('_', '')) * (sign === '-' ? -1n : 1n);
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}

/** What Python's `float` reads a text as; `null` where it reads nothing. */
export function floatOfText(text: string): number | null {
  if (!FLOAT_TEXT.test(text)) return null;
  const word = text.trim().toLowerCase();
  if (word.endsWith('nan')) return Number.NaN;
  if (word.includes('inf')) return word.startsWith('-') ? -Infinity : Infinity;
  return Number(word.replaceAll('_', ''));
}

export const float: PyType = {
  label: 'float',
  shown: 'Some(Float(FloatValidator { strict: false, allow_inf_nan: true }))',
  check(value, trial) {
    if (floatOf(value) !== null) return value;
    if (isInt(value)) {
      const asNumber = Number(value);
      if (!Number.isFinite(asNumber)) return trial.refuse('float_type', 'Input should be a valid number', value);
      trial.atMost(FIT.strict);
      return new WholeFloat(asNumber);
    }
    trial.atMost(FIT.lax);
    if (typeof value === 'boolean') return new WholeFloat(value ? 1 : 0);
    if (typeof value !== 'string') return trial.refuse('float_type', 'Input should be a valid number', value);
    const number = floatOfText(value);
    if (number !== null) return asFloat(number);
    return trial.refuse('float_parsing', 'Input should be a valid number, unable to parse string as a number', value);
  },
};

const TRUE_WORDS = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const FALSE_WORDS = new Set(['0', 'off', 'f', 'false', 'n', 'no']);

export const bool: PyType = {
  label: 'bool',
  shown: 'Some(Bool(BoolValidator { strict: false }))',
  check(value, trial) {
    if (typeof value === 'boolean') return value;
    trial.atMost(FIT.lax);
    const isWord = typeof value === 'string';
    const number = isWord ? null : (floatOf(value) ?? (typeof value === 'number' ? value : null));
    const word = isWord ? value.toLowerCase() : String(number ?? '');
    if (TRUE_WORDS.has(word)) return true;
    if (FALSE_WORDS.has(word)) return false;
    if (isWord || (number !== null && Number.isInteger(number))) {
      return trial.refuse('bool_parsing', 'Input should be a valid boolean, unable to interpret input', value);
    }
    return trial.refuse('bool_type', 'Input should be a valid boolean', value);
  },
};

const COMPLEX_SENTENCE =
  'Input should be a valid python complex object, a number, or a valid complex string following the rules at ' +
  'https://docs.python.org/3/library/functions.html#complex';

export const complex: PyType = {
  label: 'complex',
  check(value, trial) {
    trial.atMost(FIT.lax);
    const real = isInt(value) ? Number(value) : typeof value === 'boolean' ? Number(value) : floatOf(value);
    if (real !== null) return new PyComplex(real, 0);
    const found = typeof value === 'string' ? complexOfText(value) : null;
    return found ?? trial.refuse('complex_type', COMPLEX_SENTENCE, value);
  },
};

function complexOfText(text: string): PyComplex | null {
  const word = text
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .trim();
  const alone = floatOfText(word);
  if (alone !== null) return new PyComplex(alone, 0);
  const [, real = '', imaginary] = /^(.*?(?<![eE+-]))?([+-]?[^+-]*(?:[eE][+-]\d+)?)j$/i.exec(word) ?? [];
  if (imaginary === undefined) return null;
  const parts = [
    real === '' ? 0 : floatOfText(real),
    floatOfText(/\d|inf|nan/i.test(imaginary) ? imaginary : `${imaginary}1`),
  ];
  const [a, b] = parts;
  return a === null || a === undefined || b === null || b === undefined ? null : new PyComplex(a, b);
}
