import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeFile } from '../config/code.ts';

/**
 * Becomes one of our processes, without a supervisor: the same entry file, told by a file that is gone once it is read.
 * Ctrl-C, which a supervised process leaves to its supervisor, ends it here.
 */
export async function becomeAlone(entry: string, settings: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'beamgate-'));
  const file = join(folder, 'settings.json');
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  process.argv = [process.execPath, codeFile(entry), file];
  process.on('SIGINT', () => process.kill(process.pid, 'SIGTERM'));
  try {
    await import(pathToFileURL(codeFile(entry)).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
