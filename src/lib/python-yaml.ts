import { LineCounter, parseDocument } from 'yaml';
import type { Document, Tags, YAMLError } from 'yaml';

/** A text of YAML that was read; `lines` tells where its nodes stand. */
export interface PythonYaml {
  readonly document: Document;
  readonly lines: LineCounter;
  /** What is wrong with it, first things first. An unknown tag is among it: what it stands for would be lost. */
  readonly faults: readonly YAMLError[];
}

/**
 * Reads YAML as PyYAML does: the rules of YAML 1.1, but a device or axis that is called `y` or `n` is no truth value, and
 * `1e3` is a text, since PyYAML wants the dot and the sign of `1.0e+3`. A key that stands twice is a fault with `uniqueKeys`;
 * PyYAML takes the last one.
 */
export function readPythonYaml(text: string, { uniqueKeys }: { readonly uniqueKeys: boolean }): PythonYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    merge: true,
    uniqueKeys,
    lineCounter: lines,
    customTags: (tags) => tags.map(asInPython),
  });
  return { document, lines, faults: [...document.errors, ...document.warnings] };
}

const TRUE = /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/;
const FALSE = /^(?:[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/;
const EXPONENT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)[eE][-+][0-9]+$/;

function asInPython(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || !('test' in tag) || tag.test === undefined) return tag;
  if (tag.test.test('y')) return { ...tag, test: TRUE };
  if (tag.test.test('n')) return { ...tag, test: FALSE };
  return tag.test.test('1e3') ? { ...tag, test: EXPONENT } : tag;
}
