import type { PlanDescription } from '../../protocol/descriptions.ts';
import { CodedError } from '../../protocol/error-codes.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { bound } from './binding.ts';
import { mistakenText } from './comparison.ts';
import { parametersOf, VAR_KEYWORD, VAR_POSITIONAL } from './parameters.ts';
import type { Parameter } from './parameters.ts';
import { outOfRangeText } from './ranges.ts';
import { dict, ElementRefused, list } from './types/collections.ts';
import { text } from './types/scalars.ts';
import { misfitText, Trial } from './types/trial.ts';
import type { PyType } from './types/trial.ts';
import type { Stage } from './verdict.ts';

/** Arguments were refused: at which check, and why. The message is the original's. */
export class ArgumentsRefused extends Error {
  readonly stage: Stage;

  constructor(stage: Stage, message: string, options?: ErrorOptions) {
    super(message, options);
    this.stage = stage;
  }
}

/** Checks the arguments of one plan, and binds them. @throws ArgumentsRefused */
export type CompiledPlan = (args: PyValue, kwargs: PyValue) => ReadonlyMap<string, PyValue>;

/**
 * Reads a description once, so that checking an item takes microseconds. A faulty description still compiles: what is
 * wrong with it is said when the plan is used, since the other plans of the list are good.
 */
export function compiledPlan({ parameters: descriptions }: Partial<PlanDescription>): CompiledPlan {
  if (!descriptions) return refusing(repr('parameters'));
  try {
    const parameters = parametersOf(descriptions);
    return checking(parameters);
  } catch (error) {
    if (error instanceof CodedError) return refusing(error.message);
    throw error;
  }
}

const refusing =
  (fault: string): CompiledPlan =>
  () => {
    throw new ArgumentsRefused('description', fault);
  };

function checking(parameters: readonly Parameter[]): CompiledPlan {
  const fault = modelFault(parameters);
  // pydantic takes a name with an underscore in front for something of its own and does not check it.
  const checked = parameters
    .filter(({ name }) => !name.startsWith('_'))
    .map(({ name, ...rest }) => ({ name, type: typeFor(rest) }));
  return (args, kwargs) => {
    const given = at('binding', () => bound(parameters, args, kwargs));
    if (fault !== null) throw new ArgumentsRefused('description', fault);
    const taken = at('schema', () => fitted(checked, given));
    const mistaken = at('schema', () => mistakenText(given, taken));
    if (mistaken !== null) throw new ArgumentsRefused('type', `Error in argument types: ${mistaken}`);
    const outside = at('description', () => outOfRangeText(parameters, given));
    if (outside !== null) throw new ArgumentsRefused('range', `Argument values are out of range: ${outside}`);
    return given;
  };
}

/** `*args: int` is a list of integers, `**kwargs: int` a dictionary of them. */
function typeFor({ kind, type }: Pick<Parameter, 'kind' | 'type'>): PyType {
  if (kind === VAR_POSITIONAL) return list(type);
  return kind === VAR_KEYWORD ? dict(text, type) : type;
}

function fitted(
  types: readonly { name: string; type: PyType }[],
  given: ReadonlyMap<string, PyValue>,
): Map<string, PyValue> {
  const trial = new Trial();
  const taken = new Map<string, PyValue>();
  for (const { name, type } of types) {
    const value = given.get(name);
    if (value !== undefined) taken.set(name, trial.at(name, type, value) as PyValue);
  }
  if (trial.misfits.length > 0) throw new ElementRefused(misfitText('Model', trial.misfits));
  return taken;
}

/** Runs a check; what it refuses, it refuses at this stage. */
function at<T>(stage: Stage, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof CodedError || error instanceof ElementRefused) {
      throw new ArgumentsRefused(stage, error.message, { cause: error });
    }
    throw error;
  }
}

/**
 * The original cannot build its model of a plan with a parameter that is declared as `None` alone: the annotation reads
 * as missing, and the default as the type. So it refuses every use of such a plan.
 */
function modelFault(parameters: readonly Parameter[]): string | null {
  const isOdd = ({ kind, isDeclaredNone, ...rest }: Parameter): boolean =>
    isDeclaredNone && kind !== VAR_POSITIONAL && kind !== VAR_KEYWORD && rest.default !== null;
  const odd = parameters.find(isOdd);
  if (!odd) return null;
  const shown = 'default' in odd ? repr(odd.default ?? null) : 'Ellipsis';
  return UNKNOWN_TYPE.replace('<type>', shown);
}

const UNKNOWN_TYPE = `Unable to generate pydantic-core schema for <type>. Set \`arbitrary_types_allowed=True\` in the model_config to ignore this error or implement \`__get_pydantic_core_schema__\` on your type to fully support it.

If you got this error by calling handler(<some type>) within \`__get_pydantic_core_schema__\` then you likely need to call \`handler.generate_schema(<some type>)\` since we do not call \`__get_pydantic_core_schema__\` on \`<some type>\` otherwise to avoid infinite recursion.

For further information visit https://errors.pydantic.dev/2.14/u/schema-for-unknown-type`;
