import { PARAMETER_KINDS } from '../../protocol/descriptions.ts';
import type { ParameterDescription } from '../../protocol/descriptions.ts';
import { coded } from '../../protocol/error-codes.ts';
import { literal, NotALiteral } from '../../lib/python-text/literal.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { decodedAnnotation } from './annotation.ts';
import { any } from './types/scalars.ts';
import type { PyType } from './types/trial.ts';

/** A parameter of a plan, its description read. */
export interface Parameter {
  readonly name: string;
  /** One of {@link PARAMETER_KINDS}. */
  readonly kind: number;
  readonly type: PyType;
  /** Whether the annotation says `None` and nothing else. */
  readonly isDeclaredNone: boolean;
  readonly default?: PyValue;
  readonly min?: unknown;
  readonly max?: unknown;
}

export const { POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD } = PARAMETER_KINDS;

/** How Python calls the kinds in messages. */
const KIND_WORDS = [
  'positional-only',
  'positional or keyword',
  'variadic positional',
  'keyword-only',
  'variadic keyword',
];

/**
 * Reads the parameters of a description, and checks that they make a signature.
 * @throws CodedError REFUSED for a description that is faulty, with the original's text
 */
export function parametersOf(descriptions: readonly ParameterDescription[]): Parameter[] {
  const decoded = descriptions.map((description) => ({ description, ...typeAndDefault(description) }));
  const parameters = decoded.map(({ description, ...rest }) => parameter(description, rest));
  checkOrder(parameters);
  return parameters;
}

interface TypeAndDefault {
  type: PyType;
  default?: PyValue;
}

function typeAndDefault(description: ParameterDescription): TypeAndDefault {
  if (!Object.hasOwn(description, 'name')) {
    throw refused(repr(`No 'name' key in the parameter description ${repr(asValue(description))}`));
  }
  const type = description.annotation ? decodedAnnotation(description.annotation).type : any;
  return Object.hasOwn(description, 'default')
    ? { type, default: defaultValue(description.default ?? null) }
    : { type };
}

/** The value of a default that a description gives as text. @throws CodedError REFUSED with the original's text */
export function defaultValue(text: PyValue): PyValue {
  try {
    return literal(text);
  } catch (error) {
    if (!(error instanceof NotALiteral)) throw error;
    throw refused(`Failed to decode the default value '${str(text)}': ${error.message}`, error);
  }
}

function parameter(description: ParameterDescription, decoded: TypeAndDefault): Parameter {
  const { name, min, max } = description;
  // A foreign worker may leave the kind out; its type says that it cannot.
  const kind = (description.kind as ParameterDescription['kind'] | undefined)?.value;
  const fault = parameterFault(description, kind, 'default' in decoded);
  if (fault !== null) throw refused(`Failed to construct 'inspect.Parameters': ${fault}`);
  const isDeclaredNone = description.annotation?.type.trim() === 'None';
  return {
    name,
    kind: kind ?? 0,
    isDeclaredNone,
    ...decoded,
    ...(min != null && { min }),
    ...(max != null && { max }),
  };
}

function parameterFault(
  description: ParameterDescription,
  kind: number | undefined,
  hasDefault: boolean,
): string | null {
  const { name } = description as { name: unknown };
  if (name === null) return `Description for parameter contains no key 'name': ${repr(asValue(description))}`;
  if (kind == null) return `Description for parameter contains no key 'kind': ${repr(asValue(description))}`;
  const word = KIND_WORDS[kind];
  if (word === undefined) return `value ${kind} is not a valid Parameter.kind`;
  if (hasDefault && (kind === VAR_POSITIONAL || kind === VAR_KEYWORD)) {
    return `${word} parameters cannot have default values`;
  }
  if (typeof name !== 'string') return `name must be a str, not a ${typeof name}`;
  const isUsable = isIdentifier(name) && (kind === POSITIONAL_ONLY || !KEYWORDS.has(name));
  return isUsable ? null : `${repr(name)} is not a valid parameter name`;
}

/** Words of the language, which cannot be the names of arguments. */
const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
const isIdentifier = (name: string): boolean => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(name);

/** As in a function's head: kinds in their order, no two of a name, no default before a parameter without one. */
function checkOrder(parameters: readonly Parameter[]): void {
  const names = new Set<string>();
  let top: number = POSITIONAL_ONLY;
  let hasDefault = false;
  for (const { name, kind, ...rest } of parameters) {
    if (kind < top) {
      throw refused(`wrong parameter order: ${KIND_WORDS[top]} parameter before ${KIND_WORDS[kind]} parameter`);
    }
    top = kind;
    if (kind === POSITIONAL_ONLY || kind === POSITIONAL_OR_KEYWORD) {
      if (!('default' in rest) && hasDefault) throw refused('non-default argument follows default argument');
      hasDefault ||= 'default' in rest;
    }
    if (names.has(name)) throw refused(`duplicate parameter name: ${repr(name)}`);
    names.add(name);
  }
}

const refused = (msg: string, cause?: unknown): Error => coded('REFUSED', { msg }, { cause });

/** Descriptions are JSON, so they can be shown. */
const asValue = (description: ParameterDescription): PyValue => description;
