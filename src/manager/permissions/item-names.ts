import { coded } from '../../protocol/error-codes.ts';
import { typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { namePattern } from '../../protocol/names/name-pattern.ts';
import { pattern } from '../../lib/python-regex/pattern.ts';
import type { NameList } from './user-groups.ts';

/** Which of two lists decided, and by which entry: null for a leading null, and where no entry means the name. */
export interface Decision {
  readonly isAllowed: boolean;
  readonly list: 'allowed' | 'forbidden';
  readonly entry: string | null;
}

/**
 * Whether a plan's or function's name is allowed by one of a list and forbidden by none of another.
 * @throws CodedError REFUSED, with the original's text, for an entry that cannot be read
 */
export const isNameAllowed = (name: PyValue, allowed: NameList, forbidden: NameList): boolean =>
  decisionOnName(name, allowed, forbidden).isAllowed;

/** The same, and why. @throws as `isNameAllowed` */
export function decisionOnName(name: PyValue, allowed: NameList, forbidden: NameList): Decision {
  const isEverything = allowed.length > 0 && allowed[0] === null;
  const by = isEverything ? null : allowed.find((entry) => isMeant(name, entry));
  if (by === undefined) return { isAllowed: false, list: 'allowed', entry: null };
  const against = forbidden[0] === null ? undefined : forbidden.find((entry) => isMeant(name, entry));
  if (against !== undefined) return { isAllowed: false, list: 'forbidden', entry: against };
  return { isAllowed: true, list: 'allowed', entry: by };
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
