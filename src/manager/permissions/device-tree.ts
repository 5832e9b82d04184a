import type { DeviceDescription, DeviceDescriptions } from '../../protocol/descriptions.ts';
import { matching } from '../../protocol/names/device-names.ts';
import type { DeviceNode } from '../../protocol/names/device-names.ts';
import { namePattern } from '../../protocol/names/name-pattern.ts';
import type { Decision } from './item-names.ts';
import type { NameList } from './user-groups.ts';

interface Node extends DeviceNode<Node> {
  readonly children: ReadonlyMap<string, Node>;
  /** What decided last. */
  decision: Decision;
}

/**
 * The devices that are left of a tree: allowed by a pattern or name and forbidden by none. A device that is not allowed
 * but has sub-devices that are stays, marked `excluded`. Nothing of the given tree is changed.
 * @throws CodedError REFUSED for a pattern that cannot be read
 */
export function allowedDevices(
  existing: DeviceDescriptions,
  allowed: NameList,
  forbidden: NameList,
): DeviceDescriptions {
  return trimmed(decidedTree(existing, allowed, forbidden));
}

/** Each device and part of one by its full name, and which entry decided. @throws as `allowedDevices` */
export function decisionsOnDevices(
  existing: DeviceDescriptions,
  allowed: NameList,
  forbidden: NameList,
): ReadonlyMap<string, Decision> {
  const decisions = new Map<string, Decision>();
  const collect = (tree: ReadonlyMap<string, Node>, parent: string): void => {
    for (const [name, { decision, children }] of tree) {
      decisions.set(parent + name, decision);
      collect(children, `${parent}${name}.`);
    }
  };
  collect(decidedTree(existing, allowed, forbidden), '');
  return decisions;
}

function decidedTree(existing: DeviceDescriptions, allowed: NameList, forbidden: NameList): Map<string, Node> {
  const areAllAllowed = allowed[0] === null;
  const tree = nodesOf(existing, { isAllowed: areAllAllowed, list: 'allowed', entry: null });
  if (!areAllAllowed) for (const entry of allowed) mark(tree, { isAllowed: true, list: 'allowed', entry });
  if (forbidden[0] !== null) {
    for (const entry of forbidden) mark(tree, { isAllowed: false, list: 'forbidden', entry });
  }
  return tree;
}

const nodesOf = (devices: DeviceDescriptions, decision: Decision): Map<string, Node> =>
  new Map(
    Object.entries(devices).map(([name, description]) => [
      name,
      { description, children: nodesOf(description.components ?? {}, decision), decision },
    ]),
  );

function mark(tree: ReadonlyMap<string, Node>, decision: Decision): void {
  const wanted = namePattern(decision.entry);
  if (wanted.usesPatterns) {
    for (const { node } of matching(tree, wanted)) node.decision = decision;
    return;
  }
  let level = tree;
  let found: Node | undefined;
  for (const { text } of wanted.components) {
    found = level.get(text);
    if (!found) return;
    level = found.children;
  }
  if (found) found.decision = decision;
}

function trimmed(tree: ReadonlyMap<string, Node>): DeviceDescriptions {
  const kept: [string, DeviceDescription][] = [];
  for (const [name, { description, children, decision }] of tree) {
    const { components: _, ...own } = description;
    const components = trimmed(children);
    const hasComponents = Object.keys(components).length > 0;
    const isExcluded = !decision.isAllowed || description.excluded === true;
    if (isExcluded && !hasComponents) continue;
    kept.push([name, { ...own, ...(hasComponents && { components }), ...(isExcluded && { excluded: true }) }]);
  }
  return Object.fromEntries(kept);
}
