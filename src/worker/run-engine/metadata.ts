import { inspect } from 'node:util';
import { isPlainObject } from '../../lib/plain-object.ts';
import { DocumentError } from './errors.ts';

const NAME = /^[^./]+$/;
const TEXTS = ['owner', 'group', 'project', 'data_session'];
/** event-model gives these a shape of their own, with any key inside. */
const FREE_FORM = new Set(['sample', 'projections', 'hints']);

/**
 * Metadata as it goes into a start document: a copy that nobody can change afterwards, of what JSON and msgpack can
 * carry. Typed arrays become lists; what is undefined is left out.
 * @throws DocumentError naming the key, the rule and what was received
 */
export function startMetadata(metadata: Record<string, unknown>): Record<string, unknown> {
  const { sample } = metadata;
  if (sample !== undefined && typeof sample !== 'string' && !isPlainObject(sample)) {
    throw new DocumentError(
      `You specified 'sample' metadata. We give this field special significance in order to make your data easily ` +
        `searchable. Therefore, you must make 'sample' a string or a dictionary, received ${inspect(sample)}`,
    );
  }
  for (const key of TEXTS) {
    const value = metadata[key];
    if (value !== undefined && typeof value !== 'string') {
      throw new DocumentError(`Metadata '${key}' must be a string, received ${inspect(value)}`);
    }
  }
  if (metadata['scan_id'] !== undefined && !Number.isInteger(metadata['scan_id'])) {
    throw new DocumentError(`Metadata 'scan_id' must be an integer, received ${inspect(metadata['scan_id'])}`);
  }
  return record(metadata, '', false);
}

function record(value: Record<string, unknown>, path: string, isFree: boolean): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if (one === undefined) continue;
    const place = path === '' ? key : `${path}.${key}`;
    if (!isFree && !NAME.test(key)) {
      throw new DocumentError(`A metadata key must be without '.' and '/', received '${key}' (in '${place}')`);
    }
    copy[key] = plain(one, place, isFree || (path === '' && FREE_FORM.has(key)));
  }
  return copy;
}

function plain(value: unknown, path: string, isFree: boolean): unknown {
  if (Array.isArray(value)) return value.map((one, index) => plain(one, `${path}[${index}]`, true));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as Iterable<unknown>);
  if (isPlainObject(value)) return record(value, path, isFree);
  if (value === undefined) return null;
  if (value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return value;
  throw new DocumentError(`Metadata '${path}' must be data, received ${describe(value)}`);
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  return `a ${(value as object).constructor?.name ?? typeof value}`;
}
