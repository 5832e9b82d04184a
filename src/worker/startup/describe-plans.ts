import { expandedAnnotation } from '../../protocol/names/expanded-annotation.ts';
import { PARAMETER_KINDS } from '../../protocol/descriptions.ts';
import type { DeviceDescriptions, PlanDescription, PlanDescriptions } from '../../protocol/descriptions.ts';
import type { Namespace } from './describe-devices.ts';
import { isDefinedPlan } from './define-plan.ts';

/**
 * All plans of a namespace in the form of `existing_plans`: those made by `definePlan`, with their lists of devices
 * and plans expanded, and plain generator functions, of which only the name is known.
 * @throws Error for a plan that cannot be described, unless `onInvalid` is there to be told of it: then it is left out
 */
export function describePlans(
  namespace: Namespace,
  devices: DeviceDescriptions,
  onInvalid?: (sentence: string) => void,
): PlanDescriptions {
  const plans = Object.entries(namespace).filter(([, value]) => isDefinedPlan(value) || isGeneratorFunction(value));
  const names = plans.map(([name]) => name);
  const descriptions: PlanDescriptions = {};
  for (const [name, value] of plans) {
    try {
      descriptions[name] = isDefinedPlan(value)
        ? { ...expanded(value.description, names, devices), name }
        : undescribed(name);
    } catch (cause) {
      const sentence = `Failed to create description of plan '${name}': ${(cause as Error).message}`;
      if (onInvalid === undefined) throw new Error(sentence, { cause });
      onInvalid(sentence);
    }
  }
  return descriptions;
}

export const isGeneratorFunction = (value: unknown): value is (...args: unknown[]) => Generator =>
  typeof value === 'function' && Object.prototype.toString.call(value) === '[object GeneratorFunction]';

/** Whatever the caller gives is passed on: the function itself has to say what it takes. */
const undescribed = (name: string): PlanDescription => ({
  name,
  properties: { is_generator: true },
  module: '__main__',
  parameters: [
    { name: 'args', kind: { name: 'VAR_POSITIONAL', value: PARAMETER_KINDS.VAR_POSITIONAL } },
    { name: 'kwargs', kind: { name: 'VAR_KEYWORD', value: PARAMETER_KINDS.VAR_KEYWORD } },
  ],
});

function expanded(
  description: PlanDescription,
  plans: readonly string[],
  devices: DeviceDescriptions,
): PlanDescription {
  const parameters = description.parameters.map((parameter) =>
    parameter.annotation
      ? { ...parameter, annotation: expandedAnnotation(parameter.annotation, plans, devices) }
      : parameter,
  );
  return { module: '__main__', ...description, parameters };
}
