import type { DeviceDescription, DeviceDescriptions } from '../descriptions.ts';
import { getItem } from '../../lib/python-text/py-value.ts';
import { CodedError } from '../error-codes.ts';
import { namePattern } from './name-pattern.ts';
import type { DeviceType, NameComponent, NamePattern } from './name-pattern.ts';
import { pattern } from '../../lib/python-regex/pattern.ts';

/** What a node must have for a search to go through it. */
export interface DeviceNode<N> {
  readonly description: DeviceDescription;
  readonly children: ReadonlyMap<string, N>;
}

/**
 * Finds what a pattern means in a tree of devices, in the order of the tree: each node once for every way it is found.
 * The name that comes with a node is its full dotted one.
 */
export function* matching<N extends DeviceNode<N>>(
  devices: ReadonlyMap<string, N>,
  { components, deviceType }: NamePattern,
): Generator<{ name: string; node: N }> {
  const [first, ...rest] = components;
  if (first) yield* search({ devices, parent: '', component: first, rest }, typeCondition(deviceType));
}

interface Search<N> {
  devices: ReadonlyMap<string, N>;
  parent: string;
  component: NameComponent;
  rest: readonly NameComponent[];
}
type Condition = (description: DeviceDescription) => boolean;

function* search<N extends DeviceNode<N>>(
  { devices, parent, component, rest }: Search<N>,
  isWanted: Condition,
): Generator<{ name: string; node: N }> {
  if (component.isFullName) {
    yield* searchFullName({ devices, parent, component, tail: '', depth: 1 }, isWanted);
    return;
  }
  const [next, ...behind] = rest;
  for (const [ownName, node] of devices) {
    if (!pattern(component.text).isIn(ownName)) continue;
    const name = dotted(parent, ownName);
    if (component.isIncluded && isWanted(node.description)) yield { name, node };
    if (next) yield* search({ devices: node.children, parent: name, component: next, rest: behind }, isWanted);
  }
}

interface FullNameSearch<N> {
  devices: ReadonlyMap<string, N>;
  parent: string;
  component: NameComponent;
  /** The part of the name behind `parent`, which the pattern is searched in. */
  tail: string;
  depth: number;
}

function* searchFullName<N extends DeviceNode<N>>(
  { devices, parent, component, tail, depth }: FullNameSearch<N>,
  isWanted: Condition,
): Generator<{ name: string; node: N }> {
  if (component.depth !== null && depth > component.depth) return;
  for (const [ownName, node] of devices) {
    const longer = dotted(tail, ownName);
    if (pattern(component.text).isIn(longer) && isWanted(node.description)) {
      yield { name: dotted(parent, longer), node };
    }
    yield* searchFullName({ devices: node.children, parent, component, tail: longer, depth: depth + 1 }, isWanted);
  }
}

const dotted = (parent: string, name: string): string => (parent === '' ? name : `${parent}.${name}`);

const typeCondition = (type: DeviceType): Condition => CONDITIONS[type];
const CONDITIONS: Record<DeviceType, Condition> = {
  '': () => true,
  __READABLE__: (device) => device.is_readable,
  __DETECTOR__: (device) => device.is_readable && !device.is_movable,
  __MOTOR__: (device) => device.is_readable && device.is_movable,
  __FLYABLE__: (device) => device.is_flyable,
};

/** The devices that an entry means, in the order of the tree; one that is found in two ways is there twice. */
export function devicesMeant(wanted: NamePattern, devices: DeviceDescriptions): string[] {
  if (!wanted.usesPatterns) return [wanted.components.map(({ text }) => text).join('.')];
  return Array.from(matching(asNodes(devices), wanted))
    .filter(({ node }) => node.description.excluded !== true)
    .map(({ name }) => name);
}

const asNodes = (devices: DeviceDescriptions): Map<string, Node> =>
  new Map(Object.entries(devices).map(([name, description]) => [name, asNode(description)]));
const asNode = (description: DeviceDescription): Node => ({
  description,
  children: asNodes(description.components ?? {}),
});

/**
 * Whether a name is one that an entry means, or would mean if there was such a device: of what type the device is, is not
 * asked.
 */
export function isMeant(name: string, wanted: NamePattern): boolean {
  if (!wanted.usesPatterns) return devicesMeant(wanted, {}).includes(name);
  for (const found of matching(onlyPath(name.split('.')), { ...wanted, deviceType: '' })) {
    if (found.name === name) return true;
  }
  return false;
}

/** A tree of nothing but the one device: enough to see whether its name fits. */
function onlyPath([first, ...rest]: readonly string[]): Map<string, Node> {
  return new Map(first === undefined ? [] : [[first, { description: ANY_DEVICE, children: onlyPath(rest) }]]);
}
const ANY_DEVICE: DeviceDescription = {
  is_readable: true,
  is_movable: true,
  is_flyable: true,
  classname: '',
  module: '',
};

interface Node extends DeviceNode<Node> {}

/**
 * Whether a name such as `count` or `det1.val` stands for something in a list, and is not there on the way to
 * sub-devices only. What is no name at all is not in any list.
 */
export function isInList(name: unknown, objects: Readonly<Record<string, object>>): boolean {
  const path = pathOf(name);
  let level: Readonly<Record<string, object>> = objects;
  let found: object | undefined;
  for (const part of path ?? []) {
    found = getItem(level, part);
    if (!found) return false;
    // Plans have neither sub-devices nor the mark: a dotted name ends here.
    level = (('components' in found ? found.components : undefined) as DeviceDescriptions | undefined) ?? {};
  }
  return found !== undefined && !('excluded' in found && found.excluded === true);
}

function pathOf(name: unknown): string[] | null {
  if (typeof name !== 'string') return null;
  try {
    const { components, usesPatterns } = namePattern(name);
    return usesPatterns ? null : components.map(({ text }) => text);
  } catch (error) {
    if (error instanceof CodedError) return null;
    throw error;
  }
}
