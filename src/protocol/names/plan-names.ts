import { listText, repr } from '../../lib/python-text/repr.ts';
import { pattern } from '../../lib/python-regex/pattern.ts';
import { coded } from '../error-codes.ts';
import type { NamePattern } from './name-pattern.ts';

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
