import { coded } from '../error-codes.ts';
import { typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { InvalidPattern, UntranslatablePattern } from '../../lib/python-regex/pattern-translation.ts';
import { pattern } from '../../lib/python-regex/pattern.ts';

/** One level of a device tree, or of several where `isFullName`. */
export interface NameComponent {
  /** A name, or a pattern of Python's `re` where the whole uses patterns. */
  readonly text: string;
  /** Whether what matches here is meant itself, or only on the way to its sub-devices (`:-`). */
  readonly isIncluded: boolean;
  /** Whether the pattern is searched in the rest of the dotted name, at any depth (`:?`). */
  readonly isFullName: boolean;
  /** Levels that a full name may have, counted from here; `null` for any. */
  readonly depth: number | null;
}

export const DEVICE_TYPES = ['', '__READABLE__', '__FLYABLE__', '__DETECTOR__', '__MOTOR__'] as const;
export type DeviceType = (typeof DEVICE_TYPES)[number];

/**
 * A name such as `det1.val`, or a pattern: an optional device type, then components behind colons. `:^det:val$` looks for
 * `val` in every device that starts with `det`; `:-` skips a level, `:+` is the default, and `:?` searches the rest of
 * the dotted name, `:?.*:depth=3` not deeper than three levels.
 */
export interface NamePattern {
  readonly components: readonly NameComponent[];
  readonly usesPatterns: boolean;
  readonly deviceType: DeviceType;
}

const remembered = new Map<string, NamePattern>();
const MOST_REMEMBERED = 10_000;

/** @throws CodedError REFUSED with the original's text; naming the construct where a pattern cannot be translated */
export function namePattern(value: PyValue): NamePattern {
  if (typeof value !== 'string') {
    throw refused(`Name pattern ${repr(value)} has incorrect type <class '${typeName(value)}'>. Expected type: 'str'`);
  }
  let found = remembered.get(value);
  if (found === undefined) {
    const text = value.replaceAll(' ', '');
    if (text === '') throw refused("Name pattern '' is an empty string");
    found = text.includes(':') ? patternOf(text) : nameOf(text);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(value, found);
  }
  return found;
}

const refused = (msg: string, cause?: unknown): Error => coded('REFUSED', { msg }, { cause });

function nameOf(name: string): NamePattern {
  // Python's `$` allows a newline behind, so the original does.
  if (!/^[_a-zA-Z](?:[_a-zA-Z0-9.]*[_a-zA-Z0-9])?\n?$/.test(name)) {
    throw refused(
      `Name pattern ${repr(name)} contains invalid characters. ` +
        "The pattern could be a valid regular expression, but it is not labeled with ':' (e.g. ':^det$')",
    );
  }
  const components = name.split('.').map((text) => {
    if (text === '') {
      throw refused(`Plan, device or subdevice name in the description ${repr(name)} is an empty string`);
    }
    return { text, isIncluded: true, isFullName: false, depth: null };
  });
  return { components, usesPatterns: false, deviceType: '' };
}

function patternOf(whole: string): NamePattern {
  const [deviceType = '', ...parts] = whole.split(':');
  const fullName = parts.findIndex((part) => part.startsWith('?'));
  const depth = takeDepth(parts, fullName, whole);
  if (!isDeviceType(deviceType)) {
    const supported = `(${DEVICE_TYPES.map(repr).join(', ')})`;
    throw refused(`Device type ${repr(deviceType)} is not supported. Supported types: ${supported}`);
  }
  const components = parts.map((part, n) => ({
    text: part.replace(/^[+\-?]/, ''),
    isIncluded: n === parts.length - 1 || !part.startsWith('-'),
    isFullName: n === fullName,
    depth: n === fullName ? depth : null,
  }));
  for (const { text } of components) compilable(text, whole);
  return { components, usesPatterns: true, deviceType };
}

const isDeviceType = (text: string): text is DeviceType => (DEVICE_TYPES as readonly string[]).includes(text);

/** Takes `depth=3` off the end; it may stand behind a full-name pattern only, which is otherwise the last part. */
function takeDepth(parts: string[], fullName: number, whole: string): number | null {
  if (fullName < 0 || fullName === parts.length - 1) return null;
  const shown = repr(parts[fullName] ?? '');
  if (fullName < parts.length - 2) {
    throw refused(`Full name regular expression ${shown} must be the last: ${repr(whole)}`);
  }
  const last = parts.pop() ?? '';
  if (!last.startsWith('depth=')) {
    throw refused(
      `Full name regular expression ${shown} can be only followed by the depth specification: ${repr(whole)}`,
    );
  }
  if (!/^depth=[0-9]+$/.test(last)) {
    throw refused(`Depth specification ${repr(last)} has incorrect format: ${repr(whole)}`);
  }
  const depth = Number(last.slice('depth='.length));
  if (depth < 1) throw refused(`Depth (${depth}) must be positive integer greater or equal to 1: ${repr(whole)}`);
  return depth;
}

function compilable(text: string, whole: string): void {
  if (text === '') throw refused(`Name pattern ${repr(whole)} contains empty components`);
  try {
    pattern(text);
  } catch (error) {
    if (error instanceof InvalidPattern) {
      throw refused(`Name pattern ${repr(whole)} contains invalid regular expression ${repr(text)}`, error);
    }
    if (!(error instanceof UntranslatablePattern)) throw error;
    throw coded(
      'REFUSED',
      {
        msg: `Name pattern ${repr(whole)} contains ${error.message}, which is not supported: patterns are matched in linear time`,
      },
      { cause: error },
    );
  }
}
