import type {
  DeviceDescriptions,
  ParameterDescription,
  PlanDescription,
  PlanDescriptions,
} from '../../protocol/descriptions.ts';
import { isInList } from '../../protocol/names/device-names.ts';

type NameLists = Record<string, string[]>;

/**
 * A plan whose annotations list devices or plans offers what the group may use of them. The same description comes back
 * where it lists none. `null` for what is not known: nothing is taken out.
 */
export function narrowed(
  plan: PlanDescription,
  plans: PlanDescriptions | null,
  devices: DeviceDescriptions | null,
): PlanDescription {
  // A foreign worker may describe a plan without parameters; the plan is refused later, when it is used.
  const parameters = plan.parameters as ParameterDescription[] | undefined;
  if (!parameters?.some(({ annotation }) => annotation?.plans ?? annotation?.devices)) return plan;
  return {
    ...plan,
    parameters: parameters.map((parameter) => {
      if (!parameter.annotation) return parameter;
      const annotation = { ...parameter.annotation };
      if (plans && annotation.plans) annotation.plans = onlyListed(annotation.plans, plans);
      if (devices && annotation.devices) annotation.devices = onlyListed(annotation.devices, devices);
      return { ...parameter, annotation };
    }),
  };
}

const onlyListed = (lists: NameLists, objects: Readonly<Record<string, object>>): NameLists =>
  // A faulty list that is a text has letters for names, as in Python: none of them is left.
  mapped(lists, (names) => Array.from(names).filter((name) => isInList(name, objects)));

const mapped = <T, U>(record: Record<string, T>, change: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
