import { createReadStream } from 'node:fs';
import { parsePlain } from '../lib/raw-json.ts';
import type { DocumentName } from './document-line.ts';

export interface RecordedDocument {
  readonly name: DocumentName;
  /** The document's own JSON text, Python's number words included. */
  readonly text: string;
  /** Where the next document begins: hand it in as `from` to go on from here. */
  readonly next: number;
}

/** `["event",` */
const HEAD = /^\["([a-z_]+)",/;

/**
 * The documents that are whole, from the byte offset `from`. A torn last line is left out: it is a write under way, or
 * what a power cut left.
 * @throws SyntaxError when a whole line is not a document: the file is damaged
 */
export async function* documentsOf(path: string, from = 0): AsyncGenerator<RecordedDocument, void> {
  let pending: Buffer = Buffer.alloc(0);
  let next = from;
  for await (const chunk of createReadStream(path, { start: from }) as AsyncIterable<Buffer>) {
    let bytes = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10)) {
      next += end + 1;
      yield { ...documentIn(bytes.toString('utf8', 0, end), path), next };
      bytes = bytes.subarray(end + 1);
    }
    pending = bytes;
  }
}

/** The document as a value; `NaN` and the infinities are numbers. */
export const documentValue = (recorded: RecordedDocument): unknown => parsePlain(recorded.text);

function documentIn(line: string, path: string): Pick<RecordedDocument, 'name' | 'text'> {
  const head = HEAD.exec(line);
  if (head === null || !line.endsWith(']')) {
    throw new SyntaxError(`'${path}' is damaged: expected a document, found '${line.slice(0, 40)}'`);
  }
  return { name: head[1] as DocumentName, text: line.slice(head[0].length, -1) };
}
