import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyDatabase } from './sqlite-copy.ts';

/** What belongs to processes that run now, and what SQLite keeps beside a database. */
const OF_PROCESSES = new Set(['run', 'logs']);
const BESIDE_A_DATABASE = /\.sqlite(-wal|-shm|-journal|\.holder)$/;

export interface Copied {
  files: number;
  bytes: number;
}

/**
 * Copies a data directory in use. Databases go before everything else: what they name, run files above all, is then in the
 * copy, too. Nobody but the owner may read what nobody else may read in the original.
 */
export async function copyDataFolder(from: string, to: string): Promise<Copied> {
  const files = filesIn(from, '', OF_PROCESSES).filter((path) => !BESIDE_A_DATABASE.test(path));
  const isDatabase = (path: string): boolean => path.endsWith('.sqlite');
  const copied: Copied = { files: 0, bytes: 0 };
  for (const path of [...files.filter(isDatabase), ...files.filter((other) => !isDatabase(other))]) {
    const [source, target] = [join(from, path), join(to, path)];
    mkdirSync(join(target, '..'), { recursive: true, mode: 0o700 });
    if (isDatabase(path)) await copyDatabase(source, target);
    else copyFileSync(source, target);
    chmodSync(target, statSync(source).mode & 0o777);
    copied.files++;
    copied.bytes += statSync(target).size;
  }
  return copied;
}

/** Paths within the folder. Sockets and the like are nothing to keep. */
function filesIn(root: string, folder: string, without: ReadonlySet<string>): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return without.has(path) ? [] : filesIn(root, path, without);
    return entry.isFile() ? [path] : [];
  });
}
