import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Who holds a store. The lease itself is SQLite's exclusive lock, which the kernel frees with the process; this file
 * beside it only gives the holder a name, since a lock has none.
 */
const NAMELESS = 'another process';
const holderFile = (path: string): string => `${path}.holder`;

export function nameHolder(path: string): void {
  try {
    writeFileSync(holderFile(path), `process ${process.pid} on ${hostname()}\n`, { mode: 0o600 });
  } catch {
    // On a full disk the store is held all the same, and has a nameless holder.
  }
}

export function holderOf(path: string): string {
  try {
    return readFileSync(holderFile(path), 'utf8').trim() || NAMELESS;
  } catch {
    return NAMELESS; // It may be between the lock and this file; the lock is what counts.
  }
}

export function forgetHolder(path: string): void {
  rmSync(holderFile(path), { force: true });
}
