import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 4096;
const TAIL_LINES = 12;

/** The last lines of a log, for a message that says why a process did not start. */
export function logTail(file: string): string {
  let log: number;
  try {
    log = openSync(file, 'r');
  } catch {
    return '(no log)';
  }
  try {
    const { size } = fstatSync(log);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(log, tail, 0, tail.length, size - tail.length);
    return tail.toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } finally {
    closeSync(log);
  }
}
