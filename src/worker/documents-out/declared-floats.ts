import { WholeFloat } from '../../lib/raw-json.ts';
import type { DataKey, DataKeys } from '../devices/protocols.ts';
import type { Document, DocumentName } from '../run-engine/documents.ts';

interface DeclaredKeys {
  readonly run: unknown;
  readonly floats: ReadonlySet<string>;
}

/**
 * Tells which numbers of the documents are floats. JavaScript knows no difference between 5 and 5.0; a data key does:
 * what it calls a `number` is a float, whole or not, and so are times. Readers in Python build columns by that.
 */
export class DeclaredFloats {
  readonly #byDescriptor = new Map<string, DeclaredKeys>();

  /** The document itself where nothing is to be marked, else a copy with each whole float as a {@link WholeFloat}. */
  marked(name: DocumentName, document: Document): Document {
    if (name === 'event' || name === 'event_page') return this.#event(document);
    if (name === 'descriptor') return this.#descriptor(document);
    if (name === 'stop') this.#forget(document['run_start']);
    return 'time' in document ? { ...document, time: asFloat(document['time']) } : document;
  }

  #event(document: Document): Document {
    const floats = this.#byDescriptor.get(String(document['descriptor']))?.floats ?? NONE;
    const data = marked(document['data'] as Document, (key) => floats.has(key));
    const timestamps = marked(document['timestamps'] as Document, () => true);
    const time = asFloat(document['time']);
    const isSame = data === document['data'] && timestamps === document['timestamps'] && time === document['time'];
    return isSame ? document : { ...document, data, timestamps, time };
  }

  #descriptor(document: Document): Document {
    const dataKeys = document['data_keys'] as DataKeys;
    this.#byDescriptor.set(String(document['uid']), { run: document['run_start'], floats: floatKeys(dataKeys) });
    const configuration = Object.entries((document['configuration'] ?? {}) as Record<string, Document>);
    return {
      ...document,
      time: asFloat(document['time']),
      configuration: Object.fromEntries(configuration.map(([device, told]) => [device, configured(told)])),
    };
  }

  #forget(run: unknown): void {
    for (const [descriptor, keys] of this.#byDescriptor) if (keys.run === run) this.#byDescriptor.delete(descriptor);
  }
}

const NONE: ReadonlySet<string> = new Set();

const isFloat = ({ dtype, dtype_numpy: numpy }: DataKey): boolean =>
  dtype === 'number' || (dtype === 'array' && typeof numpy === 'string' && /^[<>=|]?f/.test(numpy));

const floatKeys = (dataKeys: DataKeys): ReadonlySet<string> =>
  new Set(Object.keys(dataKeys).filter((key) => isFloat(dataKeys[key] as DataKey)));

function configured(told: Document): Document {
  const floats = floatKeys((told['data_keys'] ?? {}) as DataKeys);
  return {
    ...told,
    data: marked(told['data'] as Document, (key) => floats.has(key)),
    timestamps: marked(told['timestamps'] as Document, () => true),
  };
}

/** The record itself unless a number has to be marked. */
function marked(record: Document, isFloatKey: (key: string) => boolean): Document {
  let copy: Document | undefined;
  for (const key in record) {
    if (!isFloatKey(key)) continue;
    const value = asFloat(record[key]);
    if (value === record[key]) continue;
    copy ??= { ...record };
    copy[key] = value;
  }
  return copy ?? record;
}

/** Lists, of an event page or an image, are marked inside; typed arrays tell by themselves what they hold. */
function asFloat(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? new WholeFloat(value) : value;
  return Array.isArray(value) ? value.map(asFloat) : value;
}
