import type { DeviceDescription, DeviceDescriptions } from '../../protocol/descriptions.ts';
import { matching } from '../../protocol/names/device-names.ts';
import type { DeviceNode } from '../../protocol/names/device-names.ts';
import { namePattern } from '../../protocol/names/name-pattern.ts';
import type { NameList } from './user-groups.ts';

interface Node extends DeviceNode<Node> {
  readonly children: ReadonlyMap<string, Node>;
  isAllowed: boolean;
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
  const areAllAllowed = allowed[0] === null;
  const tree = nodesOf(existing, areAllAllowed);
  if (!areAllAllowed) for (const name of allowed) mark(tree, name, true);
  if (forbidden[0] !== null) for (const name of forbidden) mark(tree, name, false);
  return trimmed(tree);
}

const nodesOf = (devices: DeviceDescriptions, isAllowed: boolean): Map<string, Node> =>
  new Map(
    Object.entries(devices).map(([name, description]) => [
      name,
      { description, children: nodesOf(description.components ?? {}, isAllowed), isAllowed },
    ]),
  );

function mark(tree: ReadonlyMap<string, Node>, name: string | null, isAllowed: boolean): void {
  const wanted = namePattern(name);
  if (wanted.usesPatterns) {
    for (const { node } of matching(tree, wanted)) node.isAllowed = isAllowed;
    return;
  }
  let level = tree;
  let found: Node | undefined;
  for (const { text } of wanted.components) {
    found = level.get(text);
    if (!found) return;
    level = found.children;
  }
  if (found) found.isAllowed = isAllowed;
}

function trimmed(tree: ReadonlyMap<string, Node>): DeviceDescriptions {
  const kept: [string, DeviceDescription][] = [];
  for (const [name, { description, children, isAllowed }] of tree) {
    const { components: _, ...own } = description;
    const components = trimmed(children);
    const hasComponents = Object.keys(components).length > 0;
    const isExcluded = !isAllowed || description.excluded === true;
    if (isExcluded && !hasComponents) continue;
    kept.push([name, { ...own, ...(hasComponents && { components }), ...(isExcluded && { excluded: true }) }]);
  }
  return Object.fromEntries(kept);
}
