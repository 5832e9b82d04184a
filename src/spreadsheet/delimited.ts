import { RefusedFile } from './refused-file.ts';
import { SheetBuilder } from './sheet.ts';
import type { Sheet } from './sheet.ts';
import type { Cell } from './table.ts';

/**
 * Text with a separator, as pandas reads it: a quote counts only where a cell begins, and is doubled inside; lines may end in
 * any way; blank lines are passed over; a row may be shorter than the header, never longer. Cells stay texts.
 * @throws RefusedFile when it is not UTF-8
 */
export function delimitedSheet(bytes: Buffer, separator: ',' | '\t'): Sheet {
  const sheet = new SheetBuilder(null);
  const reader = new RecordReader(decoded(bytes), separator);
  for (let number = 1, record = reader.next(); record !== null; record = reader.next(), number++) {
    if (record === 'unclosed') {
      sheet.problems.add(number, null, 'a quotation mark is opened and never closed');
      break;
    }
    if (isBlank(record)) continue;
    const columns = sheet.columns || record.length;
    if (record.length > columns) {
      sheet.problems.add(number, columns, `the row has ${record.length} cells, the header has ${columns}`);
      continue;
    }
    sheet.add(number, record.map(asCell));
  }
  return sheet.done();
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RefusedFile('unreadable', 'The file is no text in UTF-8', { cause });
  }
}

const asCell = (text: string): Cell => (text === '' ? null : text);
const isBlank = ([first, ...others]: readonly string[]): boolean => others.length === 0 && first?.trim() === '';

/** One record at a time, so that a limit is noticed before the rest is read. */
class RecordReader {
  readonly #text: string;
  readonly #separator: string;
  #at = 0;

  constructor(text: string, separator: string) {
    this.#text = text;
    this.#separator = separator;
  }

  next(): string[] | 'unclosed' | null {
    if (this.#at >= this.#text.length) return null;
    const record: string[] = [];
    for (;;) {
      const cell = this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
      if (cell === null) return 'unclosed';
      record.push(cell);
      if (this.#text[this.#at] !== this.#separator) break;
      this.#at++;
    }
    if (this.#text[this.#at] === '\r') this.#at++;
    // After it, this is the other half of the same line end.
    if (this.#text[this.#at] === '\n') this.#at++;
    return record;
  }

  #plain(): string {
    const from = this.#at;
    while (this.#at < this.#text.length && !this.#isAtEndOfCell()) this.#at++;
    return this.#text.slice(from, this.#at);
  }

  /** What follows the closing quote up to the separator still belongs to the cell. */
  #quoted(): string | null {
    let cell = '';
    for (;;) {
      const close = this.#text.indexOf('"', this.#at + 1);
      if (close === -1) return null;
      cell += this.#text.slice(this.#at + 1, close);
      this.#at = close + 1;
      if (this.#text[this.#at] !== '"') return cell + this.#plain();
      cell += '"';
    }
  }

  #isAtEndOfCell(): boolean {
    const next = this.#text[this.#at];
    return next === this.#separator || next === '\n' || next === '\r';
  }
}
