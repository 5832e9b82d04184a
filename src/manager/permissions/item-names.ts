import { coded } from '../../protocol/error-codes.ts';
import { typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { listText, repr } from '../../lib/python-text/repr.ts';
import { namePattern } from './name-pattern.ts';
import type { NamePattern } from './name-pattern.ts';
import { pattern } from './pattern.ts';
import type { NameList } from './user-groups.ts';

/**
 * Whether a plan's or function's name is allowed by one of a list and forbidden by none of another.
 * @throws CodedError REFUSED, with the original's text, for an entry that cannot be read
 */
export function isNameAllowed(name: PyValue, allowed: NameList, forbidden: NameList): boolean {
  if (allowed.length === 0) return false;
  const isAllowed = allowed[0] === null || allowed.some((entry) => isMeant(name, entry));
  if (!isAllowed || forbidden.length === 0 || forbidden[0] === null) return isAllowed;
  return !forbidden.some((entry) => isMeant(name, entry));
}

function isMeant(name: PyValue, entry: string | null): boolean {
  // The braces are the original's: its text was never filled in.
  if (typeof entry !== 'string') throw refused('Pattern is not a string: {pattern!r} ({allow_patterns})');
  const { components, usesPatterns } = namePattern(entry);
  const [component] = components;
  if (!component || components.length > 1) {
    throw refused('Name pattern for functions and plans must contain one component: {components}');
  }
  if (!usesPatterns) return name === component.text;
  if (typeof name !== 'string') throw refused(`expected string or bytes-like object, got '${typeName(name)}'`);
  return pattern(component.text).isIn(name);
}

/**
 * The plans that an entry of an annotation means: a name is itself, known or not, a pattern is searched in what exists.
 * @throws CodedError REFUSED for what makes sense for devices only
 */
export function plansMeant(
  { components, usesPatterns, deviceType }: NamePattern,
  existing: Iterable<string>,
): string[] {
  const [component] = components;
  if (!component || components.length > 1) {
    const shown = listText(components.map(({ text }) => text));
    throw refused(`List element describing a plan may contain only one component. Components: ${shown}`);
  }
  if (component.depth !== null) {
    const shown = repr(component.text);
    throw refused(`Depth specification can not be part of the name pattern for a plan: ${shown}`);
  }
  if (deviceType !== '') {
    throw refused(`Device type can not be included in the name pattern for a plan: ${repr(`${deviceType}:`)}`);
  }
  return usesPatterns ? Array.from(existing).filter((name) => pattern(component.text).isIn(name)) : [component.text];
}

const refused = (msg: string): Error => coded('REFUSED', { msg });
