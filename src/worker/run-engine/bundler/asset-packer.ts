import { inspect } from 'node:util';
import type { AssetDocument } from '../../devices/protocols.ts';
import type { DocumentMaking } from '../documents.ts';
import { DocumentError } from '../errors.ts';
import type { Stream } from './stream.ts';

interface Range {
  start: number;
  stop: number;
}

/**
 * Documents about data in files, on their way from devices into the run. The device does not know the run, the descriptor
 * nor the numbers of the events: they are filled in here, and what contradicts the descriptor is refused.
 */
export class AssetPacker {
  readonly #making: DocumentMaking;
  readonly #run: string;
  /** Of each stream_resource, by uid, the data key it holds. */
  readonly #dataKeys = new Map<string, string>();

  constructor(making: DocumentMaking, run: string) {
    this.#making = making;
    this.#run = run;
  }

  /** How many frames the stream_datums add; all of them must add the same. */
  pack(documents: readonly AssetDocument[], stream: Stream | undefined): number {
    if (documents.length === 0) return 0;
    let frames = 0;
    const received = new Set<string>();
    for (const [name, document] of documents) {
      if (name === 'resource') this.#emit(name, { ...document, run_start: this.#run });
      else if (name === 'datum') this.#emit(name, document);
      else if (name === 'stream_resource') this.#emit(name, this.#streamResource(document, stream));
      else if (name === 'stream_datum') {
        const filled = this.#streamDatum(document, stream, frames);
        frames = filled.width;
        received.add(filled.dataKey);
        this.#emit(name, filled.document);
      } else {
        throw new DocumentError(
          `Tried to emit an external asset ${String(name)}, acceptable external assets are \`resource\`, ` +
            '`stream_resource`, `datum`, or `stream_datum`',
        );
      }
    }
    requireEach(received, stream);
    return frames;
  }

  #emit(name: AssetDocument[0], document: Record<string, unknown>): void {
    this.#making.emit(name, document);
  }

  #streamResource(document: Record<string, unknown>, stream: Stream | undefined): Record<string, unknown> {
    const uid = String(document['uid']);
    const dataKey = String(document['data_key']);
    if (this.#dataKeys.has(uid)) throw new DocumentError(`Received \`stream_resource\` with uid ${uid} twice.`);
    this.#dataKeys.set(uid, dataKey);
    if (stream?.streamedKeys.includes(dataKey) !== true) {
      throw new DocumentError(
        `Receieved a \`stream_resource\` with data_key ${dataKey} that is not in the descriptor 'STREAM:' data_keys ` +
          (stream?.streamedKeys ?? []).join(', '),
      );
    }
    return { ...document, run_start: this.#run };
  }

  #streamDatum(
    document: Record<string, unknown>,
    stream: Stream | undefined,
    width: number,
  ): { document: Record<string, unknown>; dataKey: string; width: number } {
    if (document['descriptor']) {
      throw new DocumentError(
        `Received a \`stream_datum\` ${String(document['uid'])} with a \`descriptor\` uid already filled in, with the ` +
          `value ${inspect(document['descriptor'])} this should be an empty string.`,
      );
    }
    if (stream === undefined) throw new DocumentError('`descriptor` not made for the stream of a `stream_datum`.');
    const resource = String(document['stream_resource']);
    const dataKey = this.#dataKeys.get(resource);
    if (dataKey === undefined) {
      throw new DocumentError(`Receieved a \`stream_datum\` referring to an unknown stream resource ${resource}`);
    }
    const frames = widthOf(document, width);
    const seqNums: Range = { start: stream.nextNumber, stop: stream.nextNumber + frames };
    return { document: { ...document, descriptor: stream.descriptor.uid, seq_nums: seqNums }, dataKey, width: frames };
  }
}

function widthOf(document: Record<string, unknown>, expected: number): number {
  const seqNums = document['seq_nums'] as Range | undefined;
  if (seqNums !== undefined && (seqNums.start !== 0 || seqNums.stop !== 0)) {
    throw new DocumentError(
      `Received \`seq_nums\` ${JSON.stringify(seqNums)} in stream ${String(document['stream_resource'])}. ` +
        'They should be left 0 to 0: the RunEngine fills them in.',
    );
  }
  const indices = document['indices'] as Range;
  const width = indices.stop - indices.start;
  if (expected !== 0 && width !== expected) {
    throw new DocumentError(
      `Received \`indices\` ${JSON.stringify(indices)} during \`collect()\` these are of a different width \`${width}\` ` +
        'than other detectors in the same collect() or save().',
    );
  }
  return width;
}

/** When one key of the stream has new frames, all of them must. */
function requireEach(received: ReadonlySet<string>, stream: Stream | undefined): void {
  if (received.size === 0 || stream === undefined) return;
  const expected = stream.streamedKeys;
  if (expected.length === received.size && expected.every((key) => received.has(key))) return;
  throw new DocumentError(
    `Received \`stream_datum\` for each of the data_keys ${[...received].join(', ')}, ` +
      `expected \`stream_datum\` for each of the data_keys ${expected.join(', ')}.`,
  );
}
