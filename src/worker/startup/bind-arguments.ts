import type { Parameter } from './parameters.ts';
import { withDevices } from './annotations.ts';
import type { ResolveName } from './annotations.ts';

type Parameters = Readonly<Record<string, Parameter>>;

/**
 * Which argument is which parameter, by Python's rules and in the words of its errors. Names of devices become the
 * devices where the parameter's annotation says so; what the caller left out gets its default.
 */
export function bindArguments(
  parameters: Parameters,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  resolve: ResolveName,
): Record<string, unknown> {
  const given = { ...positional(parameters, args), ...collected(parameters, args) };
  const keywords = { ...kwargs };
  for (const [name, { kind }] of Object.entries(parameters)) {
    if (!(name in keywords) || kind === 'POSITIONAL_ONLY' || kind === 'VAR_POSITIONAL' || kind === 'VAR_KEYWORD')
      continue;
    if (name in given) throw new TypeError(`multiple values for argument '${name}'`);
    given[name] = keywords[name];
    delete keywords[name];
  }
  const rest = Object.entries(parameters).find(([, { kind }]) => kind === 'VAR_KEYWORD')?.[0];
  const [unexpected] = Object.keys(keywords);
  if (rest !== undefined) given[rest] = keywords;
  else if (unexpected !== undefined) throw new TypeError(`got an unexpected keyword argument '${unexpected}'`);

  return withDefaults(parameters, given, resolve);
}

/** Fills in defaults. @throws TypeError naming the first parameter that has none */
export function withDefaults(
  parameters: Parameters,
  given: Readonly<Record<string, unknown>>,
  resolve: ResolveName,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    if (given[name] !== undefined) values[name] = withDevices(given[name], parameter, resolve);
    else if (parameter.kind === 'VAR_POSITIONAL') values[name] = [];
    else if (parameter.kind === 'VAR_KEYWORD') values[name] = {};
    else if (!parameter.default) throw new TypeError(`missing a required argument: '${name}'`);
    else if (parameter.default.mayNameDevices) values[name] = withDevices(parameter.default.value, parameter, resolve);
    else values[name] = parameter.default.value;
  }
  return values;
}

function positional(parameters: Parameters, args: readonly unknown[]): Record<string, unknown> {
  const names = takingPositions(parameters);
  const isOpen = Object.values(parameters).some(({ kind }) => kind === 'VAR_POSITIONAL');
  if (args.length > names.length && !isOpen) throw new TypeError('too many positional arguments');
  return Object.fromEntries(names.slice(0, args.length).map((name, index) => [name, args[index]]));
}

function collected(parameters: Parameters, args: readonly unknown[]): Record<string, unknown> {
  const name = Object.entries(parameters).find(([, { kind }]) => kind === 'VAR_POSITIONAL')?.[0];
  return name === undefined ? {} : { [name]: args.slice(takingPositions(parameters).length) };
}

const takingPositions = (parameters: Parameters): string[] =>
  Object.entries(parameters)
    .filter(([, { kind }]) => kind === 'POSITIONAL_ONLY' || kind === 'POSITIONAL_OR_KEYWORD')
    .map(([name]) => name);
