import { coded } from '../../protocol/error-codes.ts';
import { typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { namePattern } from '../../protocol/names/name-pattern.ts';
import { pattern } from '../../lib/python-regex/pattern.ts';
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

const refused = (msg: string): Error => coded('REFUSED', { msg });
