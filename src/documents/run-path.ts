import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A uid becomes a file name: what could leave the folder is no uid. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/**
 * Where the run with this start document stands below the runs folder: `2026-01-31/1f0c….jsonl`.
 * @throws RangeError when the uid cannot be a file's name
 */
export function runPath(uid: string, startedAt: number): string {
  if (!FILE_NAME.test(uid)) throw new RangeError(`a run's uid must be letters, digits, '-' and '_', received '${uid}'`);
  return join(dayOf(startedAt), `${uid}.jsonl`);
}

/** `2026-01-31`, in UTC. */
export const dayOf = (at: number): string => new Date(at * 1000).toISOString().slice(0, 10);

/** The file of a run whose day is not known, newest day first; `null` when there is none. */
export async function findRun(runsDir: string, uid: string): Promise<string | null> {
  if (!FILE_NAME.test(uid)) return null;
  const days = await readdir(runsDir).catch(() => []);
  for (const day of days.sort((a, b) => (a < b ? 1 : -1))) {
    const path = join(runsDir, day, `${uid}.jsonl`);
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) return path;
  }
  return null;
}
