import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { JournalEntry } from './motion-journal.ts';

/**
 * Takes over the journal of a dead worker: what was under way is put aside, so that this process begins a file of its
 * own, and stays there until the recovery is over. If this process dies over it, the next one finds both.
 */
export function takeOver(file: string): { entries: JournalEntry[]; aside: string } {
  const aside = `${file}.left`;
  const entries = latest([...underWay(textOf(aside)), ...underWay(textOf(file))]);
  if (entries.length > 0) {
    // Numbers of two workers may be the same, so they are counted anew.
    const lines = entries.map((entry, index) => JSON.stringify({ ...entry, motion: index + 1 }));
    writeFileSync(`${aside}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
    renameSync(`${aside}.new`, aside);
  }
  rmSync(file, { force: true });
  return { entries, aside };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** What began and did not end. */
export function underWay(text: string): JournalEntry[] {
  const motions = new Map<number, JournalEntry>();
  for (const line of text.split('\n')) {
    const entry = parsed(line);
    if (entry === null) continue;
    if ('ended' in entry) motions.delete(entry.ended);
    else motions.set(entry.motion, entry);
  }
  return latest([...motions.values()]);
}

/** Of several motions of one set-point the last counts, because that is what the motor obeys. */
const latest = (entries: readonly JournalEntry[]): JournalEntry[] => [
  ...new Map(entries.map((entry) => [entry.setpoint, entry])).values(),
];

/** A torn line is the last one, of a motion whose put was never sent. */
function parsed(line: string): JournalEntry | { ended: number } | null {
  try {
    return line === '' ? null : (JSON.parse(line) as JournalEntry | { ended: number });
  } catch {
    return null;
  }
}
