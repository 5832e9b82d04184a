import { coded } from '../protocol/error-codes.ts';
import type { ReadPlans, ReaderAnswer, ReaderRequest } from './messages.ts';
import { ReadingProcess } from './reading-process.ts';

export interface SpreadsheetFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly dataType: string | null;
  readonly user: string;
  /** Descriptions of the plans that the user may use, as JSON text; `null` when somebody else judges the items. */
  readonly allowedPlans: string | null;
}

/** A file that is not what it should be: the upload is refused as the original refuses it. */
export interface UnreadableFile {
  readonly type: 'unreadable';
  readonly msg: string;
}

/** One slow file must not hold up all others. */
const PROCESSES = 2;
/** Uploads at a time, those included whose file is still on its way: each may take as much memory as a file may have. */
const MOST_UPLOADS = 8;

/**
 * Reads spreadsheets away from the event loop, in processes that share nothing but messages with it.
 */
export class SpreadsheetReader {
  readonly #processes: ReadingProcess[];
  readonly #free: ReadingProcess[];
  readonly #waiting: ((free: ReadingProcess) => void)[] = [];
  #uploads = 0;

  /** `customModules`: files, one of which may export a mapping. */
  constructor(customModules: readonly string[]) {
    this.#processes = Array.from({ length: PROCESSES }, () => new ReadingProcess(customModules));
    this.#free = [...this.#processes];
  }

  /** Keeps a place for one upload until `upload` is done. @throws SPREADSHEETS_BUSY */
  async admit<T>(upload: () => Promise<T>): Promise<T> {
    if (this.#uploads >= MOST_UPLOADS) throw coded('SPREADSHEETS_BUSY', { most: MOST_UPLOADS });
    this.#uploads++;
    try {
      return await upload();
    } finally {
      this.#uploads--;
    }
  }

  /** @throws SPREADSHEET_TOO_LARGE, SPREADSHEET_UNSAFE */
  async read({ name, bytes, ...about }: SpreadsheetFile): Promise<ReadPlans | UnreadableFile> {
    const answer = await this.#ask({ type: 'read', bytes, fileName: name, ...about });
    if (answer.type === 'plans') return answer;
    if (answer.type !== 'refused') throw new Error(`spreadsheet: ${'stack' in answer ? answer.stack : answer.type}`);
    const { kind, msg } = answer;
    if (kind === 'too-large') throw coded('SPREADSHEET_TOO_LARGE', { msg });
    if (kind === 'unsafe') throw coded('SPREADSHEET_UNSAFE', { msg });
    return { type: kind, msg };
  }

  /** A workbook to fill in, for the plans of these descriptions (JSON text). */
  async template(plans: string): Promise<Buffer> {
    const answer = await this.#ask({ type: 'template', plans });
    if (answer.type !== 'template') throw new Error(`template: ${JSON.stringify(answer)}`);
    return Buffer.from(answer.bytes);
  }

  close(): void {
    for (const each of this.#processes) each.close();
  }

  async #ask(request: ReaderRequest): Promise<ReaderAnswer> {
    const reader = this.#free.pop() ?? (await new Promise<ReadingProcess>((free) => void this.#waiting.push(free)));
    try {
      return await reader.ask(request);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(reader);
      else next(reader);
    }
  }
}
