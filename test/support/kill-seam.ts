import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Router } from 'zeromq';

/**
 * Loaded into a manager process before its own code: kills it at the n-th of its steps. A step is the moment before and
 * the moment after each commit of its store, each message to or from its worker, and each reply to a client. It kills
 * once in a folder; with n = 0 it only counts.
 */
const folder = process.env['KILL_SEAM_FOLDER'] as string;
const killAt = Number(process.env['KILL_SEAM_AT']);
const killed = join(folder, 'killed');
let steps = existsSync(killed) ? Number.NaN : 0;

function step(what: string): void {
  steps++;
  if (killAt === 0) appendFileSync(join(folder, 'steps'), `${what}\n`);
  if (steps !== killAt) return;
  writeFileSync(killed, what);
  process.kill(process.pid, 'SIGKILL');
}

// What is taken off a prototype here is called with the `this` that it is given.
/* oxlint-disable typescript/unbound-method */
const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  if (sql !== 'COMMIT') return exec.call(this, sql);
  step('before a commit');
  exec.call(this, sql);
  step('after a commit');
};

const { write, emit } = Socket.prototype;
// `write` is overloaded; what is passed on is what came in.
Socket.prototype.write = function (this: Socket, ...args: Parameters<typeof write>) {
  if (!isOfTheLink(args[0])) return write.apply(this, args);
  step('before a message to the worker');
  const isTaken = write.apply(this, args);
  step('after a message to the worker');
  return isTaken;
} as typeof write;
Socket.prototype.emit = function (this: Socket, ...args: Parameters<typeof emit>) {
  const [event, chunk] = args as readonly unknown[];
  const isLine = event === 'data' && isOfTheLink(chunk);
  if (isLine) step('before a message of the worker');
  const isHeard = emit.apply(this, args);
  if (isLine) step('after a message of the worker');
  return isHeard;
} as typeof emit;

const { send } = Router.prototype;
// The class inherits it read-only.
Object.defineProperty(Router.prototype, 'send', {
  async value(this: Router, ...args: Parameters<typeof send>) {
    step('before a reply');
    await send.apply(this, args);
    step('after a reply');
  },
});

function isOfTheLink(chunk: unknown): boolean {
  return String(chunk).startsWith('{"jsonrpc"');
}
