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

/**
 * Fills in defaults. Without a resolver values are what they are: in code, devices are given as themselves.
 * @throws TypeError naming the first parameter that is missing
 */
export function withDefaults(
  parameters: Parameters,
  given: Readonly<Record<string, unknown>>,
  resolve: ResolveName | null,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const isGiven = given[name] !== undefined;
    const value = isGiven ? given[name] : fallback(name, parameter);
    const mayNameDevices = isGiven || parameter.default?.mayNameDevices;
    values[name] = resolve && mayNameDevices ? withDevices(value, parameter, resolve) : value;
  }
  return values;
}

function fallback(name: string, parameter: Parameter): unknown {
  if (parameter.kind === 'VAR_POSITIONAL') return [];
  if (parameter.kind === 'VAR_KEYWORD') return {};
  if (parameter.default) return parameter.default.value;
  throw new TypeError(`missing a required argument: '${name}'`);
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
