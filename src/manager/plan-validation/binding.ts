import { coded } from '../../protocol/error-codes.ts';
import { getItem, isDict, PyTuple, typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { KEYWORD_ONLY, POSITIONAL_ONLY, VAR_KEYWORD, VAR_POSITIONAL } from './parameters.ts';
import type { Parameter } from './parameters.ts';

type Arguments = Map<string, PyValue>;

/**
 * Gives arguments to parameters as a call in Python does, `plan(*args, **kwargs)`. Defaults are not filled in.
 * @throws CodedError REFUSED with the text of Python's `inspect`
 */
export function bound(parameters: readonly Parameter[], args: PyValue, kwargs: PyValue): Arguments {
  const positional = positionalOf(args);
  if (!isDict(kwargs)) {
    throw refused(`inspect.Signature.bind() argument after ** must be a mapping, not ${typeName(kwargs)}`);
  }
  const given: Arguments = new Map();
  const rest = bindPositional(parameters, positional, { kwargs, given });
  bindKeywords(rest, kwargs, given);
  return given;
}

/** What a `*` in front of it gives: a text its letters, a dictionary its keys. */
function positionalOf(args: PyValue): readonly PyValue[] {
  if (Array.isArray(args)) return args;
  if (typeof args === 'string') return Array.from(args);
  if (isDict(args)) return Object.keys(args);
  throw refused(`inspect.Signature.bind() argument after * must be an iterable, not ${typeName(args)}`);
}

/** Answers the parameters that keywords are still to be found for. */
function bindPositional(
  parameters: readonly Parameter[],
  args: readonly PyValue[],
  { kwargs, given }: { kwargs: Readonly<Record<string, PyValue>>; given: Arguments },
): readonly Parameter[] {
  for (const [n, argument] of args.entries()) {
    const parameter = parameters[n];
    if (!parameter || parameter.kind === VAR_KEYWORD || parameter.kind === KEYWORD_ONLY) {
      throw refused('too many positional arguments');
    }
    if (parameter.kind === VAR_POSITIONAL) {
      given.set(parameter.name, new PyTuple(args.slice(n)));
      return parameters.slice(n + 1);
    }
    if (parameter.kind !== POSITIONAL_ONLY && Object.hasOwn(kwargs, parameter.name)) {
      throw refused(`multiple values for argument ${repr(parameter.name)}`);
    }
    given.set(parameter.name, argument);
  }
  return parameters.slice(args.length);
}

function bindKeywords(
  parameters: readonly Parameter[],
  kwargs: Readonly<Record<string, PyValue>>,
  given: Arguments,
): void {
  const left = new Map(Object.entries(kwargs));
  for (const { name, kind, ...rest } of parameters) {
    if (kind === VAR_POSITIONAL || kind === VAR_KEYWORD) continue;
    const value = getItem(kwargs, name);
    if (value === undefined) {
      if (!('default' in rest)) throw refused(`missing a required argument: ${repr(name)}`);
      continue;
    }
    if (kind === POSITIONAL_ONLY) {
      throw refused(`${repr(name)} parameter is positional only, but was passed as a keyword`);
    }
    given.set(name, value);
    left.delete(name);
  }
  const [unexpected] = left.keys();
  if (unexpected === undefined) return;
  const takesAll = parameters.find(({ kind }) => kind === VAR_KEYWORD);
  if (!takesAll) throw refused(`got an unexpected keyword argument ${repr(unexpected)}`);
  given.set(takesAll.name, Object.fromEntries(left));
}

const refused = (msg: string): Error => coded('REFUSED', { msg });
