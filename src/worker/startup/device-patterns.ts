import type { DeviceDescription, DeviceDescriptions } from '../../protocol/descriptions.ts';

/** Lists of device names and patterns, by the name under which an annotation mentions them. */
type NamedLists = Readonly<Record<string, readonly string[]>>;

/**
 * Lists of devices with their patterns replaced by the names that fit. A pattern is a regular expression for each level
 * of the device tree, with colons before them: `:^det$`, `:+^stage:^[xy]$`, `__READABLE__:?^sim`. `+` takes in the
 * devices of that level as well, `-` does not (the last level always is), and `?` means dotted names below that level,
 * down to `:depth=N` more levels.
 */
export function expandedLists(lists: NamedLists, devices: DeviceDescriptions): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(lists).map(([listName, entries]) => {
      const names = new Set(entries.flatMap((entry) => (entry.includes(':') ? fitting(entry, devices) : [entry])));
      return [listName, [...names].sort(ignoringCase)];
    }),
  );
}

/** Whether a name is in one of the lists, or fits one of their patterns. */
export function deviceLists(lists: NamedLists): (name: string) => boolean {
  const entries = Object.values(lists).flat();
  const names = new Set(entries.filter((entry) => !entry.includes(':')));
  const patterns = entries.filter((entry) => entry.includes(':'));
  return (name) => names.has(name) || patterns.some((pattern) => fitting(pattern, onlyPath(name)).includes(name));
}

interface Level {
  expression: RegExp;
  takesIn: boolean;
  isFullName: boolean;
}

function fitting(pattern: string, devices: DeviceDescriptions): string[] {
  const [type = '', ...texts] = pattern.replaceAll(' ', '').split(':');
  const depth = /^depth=(\d+)$/.exec(texts.at(-1) ?? '');
  if (depth) texts.pop();
  const levels = texts.map((text, index): Level => {
    const [mark = ''] = /^[+\-?]/.exec(text) ?? [];
    return {
      expression: new RegExp(text.slice(mark.length)),
      takesIn: mark !== '-' || index === texts.length - 1,
      isFullName: mark === '?',
    };
  });
  const names: string[] = [];
  byLevel(devices, '', 0);
  return names;

  function take(name: string, device: DeviceDescription): void {
    if (!device.excluded && isOfType(device, type)) names.push(name);
  }
  function byLevel(tree: DeviceDescriptions, above: string, index: number): void {
    const level = levels[index];
    if (!level) return;
    if (level.isFullName) return byFullName(tree, above, '', level.expression, depth ? Number(depth[1]) : Infinity);
    for (const [name, device] of Object.entries(tree)) {
      if (!level.expression.test(name)) continue;
      if (level.takesIn) take(above + name, device);
      byLevel(device.components ?? {}, `${above}${name}.`, index + 1);
    }
  }
  function byFullName(tree: DeviceDescriptions, above: string, path: string, expression: RegExp, left: number): void {
    if (left <= 0) return;
    for (const [name, device] of Object.entries(tree)) {
      if (expression.test(path + name)) take(above + path + name, device);
      byFullName(device.components ?? {}, above, `${path}${name}.`, expression, left - 1);
    }
  }
}

function isOfType(device: DeviceDescription, type: string): boolean {
  if (type === '__READABLE__') return device.is_readable;
  if (type === '__MOVABLE__') return device.is_movable;
  if (type === '__FLYABLE__') return device.is_flyable;
  return true;
}

/** A tree of nothing but the one device, whatever it can do: enough to see whether a name fits. */
function onlyPath(dottedName: string): DeviceDescriptions {
  const [first = '', ...rest] = dottedName.split('.');
  const node = { is_readable: true, is_movable: true, is_flyable: true, classname: '', module: '' };
  return { [first]: rest.length > 0 ? { ...node, components: onlyPath(rest.join('.')) } : node };
}

function ignoringCase(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
