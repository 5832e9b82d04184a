import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** `~/startup` as a shell would have it; within quotes, and in a config file, no shell does. */
export function expandedHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

export const absolutePath = (path: string): string => resolve(expandedHome(path));
