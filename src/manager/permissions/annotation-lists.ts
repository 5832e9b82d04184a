import type {
  DeviceDescription,
  DeviceDescriptions,
  ParameterAnnotation,
  ParameterDescription,
  PlanDescription,
  PlanDescriptions,
} from '../../protocol/descriptions.ts';
import { coded } from '../../protocol/error-codes.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { isInList, matching } from './device-names.ts';
import type { DeviceNode } from './device-names.ts';
import { plansMeant } from './item-names.ts';
import { namePattern } from './name-pattern.ts';
import type { NamePattern } from './name-pattern.ts';

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

/**
 * An annotation with the patterns of its lists replaced by the names they stand for, each once, sorted. Names are kept
 * whether they exist or not.
 * @throws CodedError REFUSED for a pattern that cannot be read
 */
export function expandedAnnotation(
  annotation: ParameterAnnotation,
  plans: Iterable<string>,
  devices: DeviceDescriptions,
): ParameterAnnotation {
  const known = Array.from(plans);
  return {
    ...annotation,
    ...(annotation.devices && {
      devices: mapped(annotation.devices, (names, key) => expanded(key, names, (name) => devicesMeant(name, devices))),
    }),
    ...(annotation.plans && {
      plans: mapped(annotation.plans, (names, key) => expanded(key, names, (name) => plansMeant(name, known))),
    }),
  };
}

function expanded(key: string, entries: string[], meant: (name: NamePattern) => string[]): string[] {
  if (!Array.isArray(entries)) {
    throw coded('REFUSED', { msg: `Unsupported type of a device or plan list ${repr(key)}: ${str(entries)}` });
  }
  const names = new Set(entries.flatMap((entry) => meant(namePattern(entry))));
  return Array.from(names).sort(inOrder);
}

/** By letters whatever their case, and capitals first between two that differ in their case alone. */
function inOrder(a: string, b: string): number {
  const [upperA, upperB] = [a.toUpperCase(), b.toUpperCase()];
  if (upperA !== upperB) return upperA < upperB ? -1 : 1;
  const isLower = (name: string): number => (/^\p{Ll}/u.test(name) ? 1 : 0);
  return isLower(a) - isLower(b);
}

/** The devices that an entry means, in the order of the tree; one that is found in two ways is there twice. */
export function devicesMeant(wanted: NamePattern, devices: DeviceDescriptions): string[] {
  if (!wanted.usesPatterns) return [wanted.components.map(({ text }) => text).join('.')];
  return Array.from(matching(asNodes(devices), wanted))
    .filter(({ node }) => node.description.excluded !== true)
    .map(({ name }) => name);
}

interface Node extends DeviceNode<Node> {}

const asNodes = (devices: DeviceDescriptions): Map<string, Node> =>
  new Map(Object.entries(devices).map(([name, description]) => [name, asNode(description)]));
const asNode = (description: DeviceDescription): Node => ({
  description,
  children: asNodes(description.components ?? {}),
});

const mapped = <T, U>(record: Record<string, T>, change: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
