import { bindArguments, withDefaults } from './bind-arguments.ts';
import type { Input, Values } from './define-plan.ts';
import type { Parameter } from './parameters.ts';

type Parameters = Readonly<Record<string, Parameter>>;

/** A function for clients with its declaration: call it with its parameters by name, or with arguments as they come. */
export interface DefinedFunction<P extends Parameters = Parameters, R = unknown> {
  (input: Input<P>): R;
  readonly functionName: string;
  /** With a client's arguments, by Python's rules; texts stay texts. @throws TypeError in the words of Python's `bind` */
  callWith(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): R;
}

/**
 * Declares a function that clients may execute, so that they can give its arguments by name. One that is not declared
 * gets what was given by name as one object behind the others.
 */
export function defineFunction<const P extends Parameters, R>(
  { name, parameters }: { name: string; parameters: P },
  run: (values: Values<P>) => R,
): DefinedFunction<P, R> {
  // The functions below fill every parameter in, so that what they give is the function's `Values`.
  const called = (input: Input<P>): R => run(withDefaults(parameters, input, null) as Values<P>);
  return Object.assign(Object.defineProperty(called, 'name', { value: name }), {
    functionName: name,
    callWith: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): R =>
      run(bindArguments(parameters, args, kwargs, noDevice) as Values<P>),
  });
}

const noDevice = (): undefined => undefined;

export const isDefinedFunction = (value: unknown): value is DefinedFunction =>
  typeof value === 'function' && 'functionName' in value && 'callWith' in value;
