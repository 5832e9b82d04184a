import type { ParameterDescription, PlanDescription } from '../../protocol/descriptions.ts';
import { PARAMETER_KINDS } from '../../protocol/descriptions.ts';
import type { Plan } from '../run-engine/messages.ts';
import type { ResolveName } from './annotations.ts';
import { bindArguments, withDefaults } from './bind-arguments.ts';
import type { JsonSchema, Parameter } from './parameters.ts';

type Parameters = Readonly<Record<string, Parameter>>;
type ValueOf<P> = P extends Parameter<infer T> ? T : never;

/** What the plan's function gets: every parameter, defaults filled in. */
export type Values<P extends Parameters> = { readonly [K in keyof P]: ValueOf<P[K]> };

/** What one who calls the plan gives: parameters with a default may be left out. */
export type Input<P extends Parameters> = {
  readonly [K in keyof P as P[K] extends Parameter<unknown, 'required'> ? K : never]: ValueOf<P[K]>;
} & {
  readonly [K in keyof P as P[K] extends Parameter<unknown, 'required'> ? never : K]?: ValueOf<P[K]> | undefined;
};

export interface PlanDeclaration<P extends Parameters> {
  name: string;
  description?: string;
  parameters: P;
  /** Where it is defined, in Python's terms: `'bluesky.plans'` for what every client knows from there. */
  module?: string;
  /** Part of the description; in Python false for a generator function that a decorator hides. */
  isGenerator?: boolean;
}

/** A plan with its declaration: call it with its parameters by name, or bind arguments as they come from a client. */
export interface DefinedPlan<P extends Parameters = Parameters, R = unknown> {
  (input: Input<P>): Plan<R>;
  readonly planName: string;
  readonly description: PlanDescription;
  /** JSON Schema of the parameters by name, for forms; a device is a string of the format `device`. */
  readonly schema: JsonSchema;
  /** The plan with a client's arguments, by Python's rules. @throws TypeError in the words of Python's `bind` */
  bind(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>, resolve: ResolveName): Plan<R>;
}

/** Declares a plan once: static type, description for clients, form schema and binding follow from the parameters. */
export function definePlan<const P extends Parameters, R>(
  declaration: PlanDeclaration<P>,
  play: (values: Values<P>) => Plan<R>,
): DefinedPlan<P, R> {
  const { name, parameters } = declaration;
  // The functions below fill every parameter in, so that what they give is the plan's `Values`.
  const plan = (input: Input<P>): Plan<R> => play(withDefaults(parameters, input, null) as Values<P>);
  return Object.assign(Object.defineProperty(plan, 'name', { value: name }), {
    planName: name,
    description: described(declaration),
    schema: schemaOf(parameters),
    bind: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>, resolve: ResolveName): Plan<R> =>
      play(bindArguments(parameters, args, kwargs, resolve) as Values<P>),
  });
}

export const isDefinedPlan = (value: unknown): value is DefinedPlan =>
  typeof value === 'function' && 'planName' in value && 'bind' in value;

function described({ name, description, parameters, module, isGenerator = true }: PlanDeclaration<Parameters>) {
  return {
    name,
    properties: { is_generator: isGenerator },
    parameters: Object.entries(parameters).map(([parameterName, parameter]) => entry(parameterName, parameter)),
    ...(module === undefined ? {} : { module }),
    ...(description === undefined ? {} : { description }),
  };
}

function entry(name: string, parameter: Parameter): ParameterDescription {
  const { kind, annotation, description, default: fallback, convertsDeviceNames, limits } = parameter;
  return {
    name,
    kind: { name: kind, value: PARAMETER_KINDS[kind] },
    ...(description === undefined ? {} : { description }),
    ...(annotation === undefined ? {} : { annotation }),
    ...(fallback === undefined ? {} : { default: fallback.text }),
    ...(fallback?.mayNameDevices ? { default_defined_in_decorator: true } : {}),
    ...(convertsDeviceNames === undefined ? {} : { convert_device_names: convertsDeviceNames }),
    ...limits,
  };
}

function schemaOf(parameters: Parameters): JsonSchema {
  const entries = Object.entries(parameters);
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, { schema, default: fallback }]) => [
        name,
        fallback === undefined ? schema : { ...schema, default: fallback.value },
      ]),
    ),
    required: entries.filter(([, { given }]) => given === 'required').map(([name]) => name),
    additionalProperties: false,
  };
}
