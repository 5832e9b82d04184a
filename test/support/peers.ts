import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * A program that judges Beamgate from outside. They are not part of the project: BEAMGATE_PEERS names their folder.
 * @throws Error when it is not there, which fails the test
 */
export function peer(...path: string[]): string {
  const file = resolve(process.env['BEAMGATE_PEERS'] ?? '../shared/peers', ...path);
  if (!existsSync(file)) throw new Error(`there is no ${file}: set BEAMGATE_PEERS to the folder of peers`);
  return file;
}
