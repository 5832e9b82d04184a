import { PARAMETER_KINDS } from '../../protocol/descriptions.ts';
import type { DeviceDescriptions, PlanDescription, PlanDescriptions } from '../../protocol/descriptions.ts';
import type { Namespace } from './describe-devices.ts';
import { isDefinedPlan } from './define-plan.ts';
import { expandedLists } from './device-patterns.ts';

/**
 * All plans of a namespace in the form of `existing_plans`: those made by `definePlan`, with their lists of devices
 * expanded, and plain generator functions, of which only the name is known.
 */
export function describePlans(namespace: Namespace, devices: DeviceDescriptions): PlanDescriptions {
  return Object.fromEntries(
    Object.entries(namespace).flatMap(([name, value]) => {
      if (isDefinedPlan(value)) return [[name, { ...expanded(value.description, devices), name }]];
      return isGeneratorFunction(value) ? [[name, undescribed(name)]] : [];
    }),
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

function expanded(description: PlanDescription, devices: DeviceDescriptions): PlanDescription {
  const parameters = description.parameters.map((parameter) => {
    const lists = parameter.annotation?.devices;
    if (!parameter.annotation || !lists) return parameter;
    return { ...parameter, annotation: { ...parameter.annotation, devices: expandedLists(lists, devices) } };
  });
  return { module: '__main__', ...description, parameters };
}
