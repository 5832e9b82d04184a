import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { dataFolders } from '../../config/data-folders.ts';
import { DATA_SETTINGS } from '../../config/settings.ts';
import { resolved } from '../options.ts';
import { copyDataFolder } from './folder-copy.ts';

/**
 * `beamgate backup <folder>`: a copy of the data directory that can be started from, while everything goes on. It has its name
 * only when it is whole.
 */
export async function backup(folder: string, command: Command): Promise<void> {
  const { dataDir } = dataFolders(resolved(DATA_SETTINGS, command).dataDir.value ?? '');
  if (!existsSync(dataDir)) throw new Error(`there is no data directory '${dataDir}'; is another --data-dir meant?`);
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new Error(`'${target}' is not empty: name a folder that is not there yet, so that no backup is written over`);
  }
  if (`${target}${sep}`.startsWith(`${dataDir}${sep}`)) {
    throw new Error(`'${target}' is in the data directory itself: name a folder outside of it`);
  }
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const { files, bytes } = await copyDataFolder(dataDir, partial);
  renameSync(partial, target);
  console.log(`${target} has ${files} files of ${dataDir}, ${(bytes / 1e6).toFixed(1)} MB`);
}
