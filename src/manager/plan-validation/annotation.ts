import type { ParameterAnnotation } from '../../protocol/descriptions.ts';
import { coded } from '../../protocol/error-codes.ts';
import { PythonSyntaxError } from '../../lib/python-text/expression.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { listText } from '../../lib/python-text/repr.ts';
import { enumeration } from './types/choices.ts';
import type { PyType } from './types/trial.ts';
import { NotAType, typeOf } from './types/type-expression.ts';

/** What the worker makes of the names that a parameter is given. */
export interface NameConversion {
  readonly convert_plan_names: boolean;
  readonly convert_device_names: boolean;
  readonly eval_expressions: boolean;
}
export interface DecodedAnnotation {
  readonly type: PyType;
  readonly conversion: NameConversion;
}

/** Words for things that travel by name, in the order of the original: which are plans, devices, expressions. */
const NAMED_THINGS: readonly (readonly [string, Partial<NameConversion>])[] = [
  ['__PLAN__', { convert_plan_names: true }],
  ['__DEVICE__', { convert_device_names: true }],
  ['__PLAN_OR_DEVICE__', { convert_plan_names: true, convert_device_names: true }],
  ['__READABLE__', { convert_device_names: true }],
  ['__MOVABLE__', { convert_device_names: true }],
  ['__FLYABLE__', { convert_device_names: true }],
  ['__CALLABLE__', { eval_expressions: true }],
];
const KEYS = ['type', 'devices', 'plans', 'enums'];

/**
 * Reads an annotation as descriptions carry it: `{type: 'list[Motors]', devices: {Motors: ['m1', 'm2']}}`.
 * @throws CodedError REFUSED, `Failed to process annotation '...': ...`
 */
export function decodedAnnotation(annotation: ParameterAnnotation): DecodedAnnotation {
  const unsupported = Object.keys(annotation).filter((key) => !KEYS.includes(key));
  if (!Object.hasOwn(annotation, 'type')) throw refused('<not-specified>', 'Type is not specififed');
  if (unsupported.length > 0) {
    const supported = `(${KEYS.map(repr).join(', ')})`;
    const what = `Annotation contains unsupported keys: ${listText(unsupported)}. Supported keys: ${supported}`;
    throw refused('<not-specified>', what);
  }
  const lists = { ...annotation.devices, ...annotation.plans, ...annotation.enums };
  const { text, conversion } = namesAsTexts(annotation.type, lists);
  const named = new Map(Object.entries(lists).map(([name, names]) => [name, listed(name, names, text)]));
  try {
    return { type: typeOf(text, named), conversion };
  } catch (error) {
    if (error instanceof NotAType || error instanceof PythonSyntaxError) throw refused(text, error.message, error);
    throw error;
  }
}

/** `list[__READABLE__]` is `list[str]` for the check; a word that the annotation defines itself means that. */
function namesAsTexts(type: string, lists: object): { text: string; conversion: NameConversion } {
  let text = type;
  const conversion = { convert_plan_names: false, convert_device_names: false, eval_expressions: false };
  for (const [word, of] of NAMED_THINGS) {
    if (Object.hasOwn(lists, word) || !text.includes(word)) continue;
    text = text.replaceAll(word, 'str');
    Object.assign(conversion, of);
  }
  return { text, conversion };
}

function listed(name: string, names: unknown, type: string): PyType {
  if (!Array.isArray(names)) {
    const shown = repr((names ?? null) as string);
    throw refused(type, `The list of items (${repr(name)}: ${shown}) must be a list of a tuple.`);
  }
  if (!type.includes(name)) {
    throw refused(type, `Type ${repr(name)} is defined in the annotation, but not used in the parameter type`);
  }
  return enumeration(name, names.map(String));
}

const refused = (type: string, what: string, cause?: unknown): Error =>
  // The last quote is the original's slip; clients see it.
  coded('REFUSED', { msg: `Failed to process annotation '${type}': ${what}'` }, { cause });
