import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What was recorded while one of bluesky's own tests ran; uids are numbered, times of documents are 0. */
export interface Recording {
  name: string;
  messages: RecordedMessage[];
  documents: RecordedDocument[];
}
export interface RecordedMessage {
  command: string;
  obj: unknown;
  args: unknown[];
  kwargs: Record<string, unknown>;
  run: unknown;
}
// oxlint-disable-next-line typescript/no-explicit-any -- whatever was recorded; the comparison looks at it
export type Fields = Record<string, any>;
export type RecordedDocument = [name: string, document: Fields];

const folder = join(process.env['BEAMGATE_VECTORS'] ?? '../shared/vectors', 'runengine');

/** @throws when there are none: a replay of nothing must not pass */
export function recordings(): Recording[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  if (files.length === 0) throw new Error(`${folder} holds no recordings`);
  return files.map((file) => {
    const { run_engines } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return { name: file.replace(/\.py_/, ': ').replace(/\.json$/, ''), ...run_engines[0] };
  });
}

/**
 * Documents as they can be compared: uids in the order in which they appear, no times, nothing that Python says about
 * itself.
 */
export function comparable(documents: readonly RecordedDocument[]): unknown {
  const numbers = new Map<string, string>();
  const renamed = (text: string): string => {
    if (!text.startsWith('uid#')) return text;
    if (!numbers.has(text)) numbers.set(text, `uid ${numbers.size + 1}`);
    return numbers.get(text) as string;
  };
  const walk = (value: unknown, key: string): unknown => {
    if (key === 'time' || key === 'timestamps') return 0;
    if (key === 'plan_type') return 'generator';
    if (key === 'filled' && isEmpty(value)) return {};
    if (typeof value === 'string') return renamed(value);
    if (Array.isArray(value)) return value.map((one) => walk(one, ''));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]));
  };
  // Keys that the document is known by come first, or the order of a document's fields would decide the numbers.
  const ordered = documents.map(([name, document]) => [name, { uid: document['uid'], ...document }]);
  return ordered.map(([name, document]) => [name, walk(document, '')]);
}

const isEmpty = (value: unknown): boolean => Object.keys(value ?? {}).length === 0;
