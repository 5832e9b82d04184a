import type { DeviceDescription, DeviceDescriptions } from '../../protocol/descriptions.ts';

/** Lists of device names and patterns, by the name under which an annotation mentions them. */
type NamedLists = Readonly<Record<string, readonly string[]>>;

/**
 * Lists of devices with their patterns replaced by the names that fit. A pattern is a regular expression for each level
 * of the device tree, with colons before them: `:^det$`, `:+^stage:^[xy]$`, `__MOTOR__:?^sim`. `+` takes in the
 * devices of that level as well, `-` does not (the last level always is), and `?` means dotted names below that level,
 * down to `:depth=N` more levels.
 */
export function expandedLists(lists: NamedLists, devices: DeviceDescriptions): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(lists).map(([listName, entries]) => {
      const names = new Set(
        entries.flatMap((entry) => (entry.includes(':') ? fitting(entry, devices) : [entry.replaceAll(' ', '')])),
      );
      return [listName, [...names].sort(ignoringCase)];
    }),
  );
}

/** Whether a name is in one of the lists, or fits one of their patterns; of what type a device is, is not asked. */
export function deviceLists(lists: NamedLists): (name: string) => boolean {
  const entries = Object.values(lists).flat();
  const names = new Set(entries.filter((entry) => !entry.includes(':')).map((entry) => entry.replaceAll(' ', '')));
  const patterns = entries.filter((entry) => entry.includes(':')).map((entry) => entry.slice(entry.indexOf(':')));
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
  const isOfType = conditionOf(type);
  const names: string[] = [];
  byLevel(devices, '', 0);
  return names;

  function take(name: string, device: DeviceDescription): void {
    if (!device.excluded && isOfType(device)) names.push(name);
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

function conditionOf(type: string): (device: DeviceDescription) => boolean {
  const condition = TYPES[type];
  if (condition) return condition;
  throw new RangeError(`Device type '${type}' is not supported. Supported types: ${Object.keys(TYPES).join(', ')}`);
}

const TYPES: Readonly<Record<string, (device: DeviceDescription) => boolean>> = {
  '': () => true,
  __READABLE__: (device) => device.is_readable,
  __FLYABLE__: (device) => device.is_flyable,
  __DETECTOR__: (device) => device.is_readable && !device.is_movable,
  __MOTOR__: (device) => device.is_readable && device.is_movable,
};

/** A tree of nothing but the one device: enough to see whether its name fits. */
function onlyPath(dottedName: string): DeviceDescriptions {
  const [first = '', ...rest] = dottedName.split('.');
  const node = { is_readable: true, is_movable: true, is_flyable: true, classname: '', module: '' };
  return { [first]: rest.length > 0 ? { ...node, components: onlyPath(rest.join('.')) } : node };
}

/** As Python sorts by `str.upper`: `_` comes after the letters. */
function ignoringCase(left: string, right: string): number {
  return byCode(left.toUpperCase(), right.toUpperCase()) || byCode(left, right);
}

function byCode(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
