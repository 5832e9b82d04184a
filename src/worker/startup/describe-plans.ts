import { expandedAnnotation } from '../../protocol/names/expanded-annotation.ts';
import { PARAMETER_KINDS } from '../../protocol/descriptions.ts';
import type { DeviceDescriptions, PlanDescription, PlanDescriptions } from '../../protocol/descriptions.ts';
import type { Namespace } from './describe-devices.ts';
import { isDefinedPlan } from './define-plan.ts';

/**
 * All plans of a namespace in the form of `existing_plans`: those made by `definePlan`, with their lists of devices
 * and plans expanded, and plain generator functions, of which only the name is known.
 */
export function describePlans(namespace: Namespace, devices: DeviceDescriptions): PlanDescriptions {
  const plans = Object.entries(namespace).filter(([, value]) => isDefinedPlan(value) || isGeneratorFunction(value));
  const names = plans.map(([name]) => name);
  return Object.fromEntries(
    plans.map(([name, value]) => [
      name,
      isDefinedPlan(value) ? { ...expanded(value.description, names, devices), name } : undescribed(name),
    ]),
  );
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
