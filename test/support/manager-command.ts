import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { livingRecord } from '../../src/supervisor/child-record.ts';
import { aFolder } from './supervised.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/beamgate', import.meta.url));

/** `beamgate manager` as a user starts it, on a folder of its own. It is down and gone after the test. */
export class ManagerCommand implements AsyncDisposable {
  readonly #folder = aFolder();
  #child: ChildProcess | undefined;
  output = '';

  /** Resolves when it has printed that it is ready. */
  static async start(args: string[], environment: Record<string, string> = {}): Promise<ManagerCommand> {
    const command = new ManagerCommand();
    const child = spawn(LAUNCHER, ['manager', '--data-dir', command.#folder.path, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    command.#child = child;
    const ready = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        command.output += chunk.toString('utf8');
        if (command.output.includes('RE Manager is ready')) ready.resolve();
      });
    }
    child.once('exit', (code) => ready.reject(new Error(`beamgate manager ended with ${code}:\n${command.output}`)));
    await ready.promise;
    return command;
  }

  get dataDir(): string {
    return this.#folder.path;
  }

  /** What everyone sees of one of its processes, and what only its owner sees. */
  process(name: 'manager' | 'worker'): { commandLine: string; environment: string; log: string; settings: string } {
    const { pid } = livingRecord(join(this.dataDir, 'run'), name) ?? {};
    if (pid === undefined) throw new Error(`${name} does not run`);
    const read = (path: string) => readFileSync(path, 'utf8').replaceAll('\0', '\n');
    return {
      commandLine: read(`/proc/${pid}/cmdline`),
      environment: read(`/proc/${pid}/environ`),
      log: read(join(this.dataDir, 'logs', `${name}.log`)),
      settings: read(join(this.dataDir, 'run', `${name}.settings.json`)),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    }
    this.#folder[Symbol.dispose]();
  }
}
