import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePlain } from '../lib/raw-json.ts';
import { documentLine, documentText } from './document-line.ts';
import { documentsOf, type RecordedDocument } from './documents-of.ts';
import { dayOf } from './run-path.ts';

/** A file that is written to at the very moment of the note has a time a little before it. */
const MARGIN_MS = 10_000;

export interface MendedRuns {
  /** Paths of files that got their stop document. */
  readonly ended: readonly string[];
  /** A sentence for each file that was left as it is. */
  readonly left: readonly string[];
}

/**
 * Ends the runs that a dead worker has left open: a torn last line is cut, and a stop document says that the run failed,
 * and why. Call it while nobody writes. `noteFile` keeps when that was done last, since only what was written after it
 * has to be looked at.
 */
export async function endUnfinishedRuns(runsDir: string, noteFile: string, reason: string): Promise<MendedRuns> {
  const now = Date.now();
  const since = Number(await readFile(noteFile, 'utf8').catch(() => '0')) - MARGIN_MS;
  const ended: string[] = [];
  const left: string[] = [];
  for await (const path of writtenSince(runsDir, since)) {
    try {
      if (await endIfOpen(path, reason)) ended.push(path);
    } catch (error) {
      left.push(`The run file '${path}' is left as it is: ${(error as Error).message}`);
    }
  }
  await writeFile(noteFile, String(now));
  return { ended, left };
}

/** A run that was open at that time stands in the folder of that day or of a later one. */
async function* writtenSince(runsDir: string, since: number): AsyncGenerator<string, void> {
  const firstDay = since > 0 ? dayOf(since / 1000) : '';
  const days = await readdir(runsDir).catch(() => []);
  for (const day of days.filter((name) => name >= firstDay)) {
    const names = await readdir(join(runsDir, day)).catch(() => []);
    for (const name of names.filter((one) => one.endsWith('.jsonl'))) {
      const path = join(runsDir, day, name);
      if ((await stat(path)).mtimeMs >= since) yield path;
    }
  }
}

async function endIfOpen(path: string, reason: string): Promise<boolean> {
  if (await hasStop(path)) return false;
  const { start, counts, end } = await whatIsThere(path);
  if (start === undefined) throw new Error('it has no start document');
  await truncate(path, end);
  const stop = {
    uid: randomUUID(),
    time: Date.now() / 1000,
    run_start: start,
    exit_status: 'fail',
    reason,
    num_events: Object.fromEntries(counts),
  };
  const file = await open(path, 'a');
  try {
    await file.writeFile(`${documentLine('stop', documentText(stop))}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  return true;
}

/** Nearly every file has one: its last line is looked at before the whole is read. */
async function hasStop(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, 4096));
    await file.read(tail, 0, tail.length, size - tail.length);
    const text = tail.toString('latin1');
    return text.endsWith('\n') && text.slice(text.lastIndexOf('\n', text.length - 2) + 1).startsWith('["stop",');
  } finally {
    await file.close();
  }
}

interface OpenRun {
  readonly start: string | undefined;
  /** Of events, by the names of streams. */
  readonly counts: ReadonlyMap<string, number>;
  /** Where the last whole line ends. */
  readonly end: number;
}

async function whatIsThere(path: string): Promise<OpenRun> {
  const streams = new Map<string, string>();
  const counts = new Map<string, number>();
  let start: string | undefined;
  let end = 0;
  for await (const recorded of documentsOf(path)) {
    end = recorded.next;
    if (recorded.name === 'start') start = String(membersOf(recorded)['uid']);
    else if (recorded.name === 'descriptor') {
      const { uid, name } = membersOf(recorded);
      streams.set(String(uid), String(name));
      counts.set(String(name), counts.get(String(name)) ?? 0);
    } else {
      const last = lastNumber(recorded);
      const stream = last === undefined ? undefined : streams.get(last.descriptor);
      // A replayed event has a number that was there before: the highest one counts.
      if (last !== undefined && stream !== undefined)
        counts.set(stream, Math.max(counts.get(stream) ?? 0, last.number));
    }
  }
  return { start, counts, end };
}

/** The number of the last event that a document is or brings. */
function lastNumber(recorded: RecordedDocument): { descriptor: string; number: number } | undefined {
  if (!['event', 'event_page', 'stream_datum'].includes(recorded.name)) return undefined;
  const { descriptor, seq_num: number, seq_nums: range } = membersOf(recorded);
  const last: unknown = Array.isArray(number) ? number.at(-1) : number;
  const ofFrames = (range as { stop: number } | undefined)?.stop ?? 1;
  return { descriptor: String(descriptor), number: Number(last ?? ofFrames - 1) };
}

const membersOf = ({ text }: RecordedDocument): Record<string, unknown> => parsePlain(text) as Record<string, unknown>;
