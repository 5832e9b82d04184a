import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemaErrors } from './event-model/validate.ts';
import type { WorkerSettings } from '../../src/config/process-settings.ts';

const MAIN = fileURLToPath(new URL('../../src/worker/main.ts', import.meta.url));

/** Folders and settings of a worker; several processes, one after another, may use them. They are gone after the test. */
export class WorkerPlace implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'worker-'));
  readonly settings: WorkerSettings;
  #processes = 0;

  constructor(about: Partial<WorkerSettings> = {}) {
    const at = (...parts: string[]): string => join(this.dir, ...parts);
    this.settings = {
      data_dir: at('data'),
      run_dir: at('run'),
      link: { socket: at('run', 'worker.sock'), token_file: at('run', 'token') },
      startup: { profile: 'sim', dir: null, module: null },
      epics: {},
      runs_dir: at('data', 'runs'),
      device_max_depth: 0,
      ignore_invalid_plans: false,
      permitted_re_metadata_keys: ['/'],
      documents: null,
      ...about,
    };
    mkdirSync(this.settings.data_dir);
    mkdirSync(this.settings.run_dir, { mode: 0o700 });
  }

  /** A module of startup code with this text. */
  static withModule(
    text: string,
    name = 'startup.ts',
    about: Partial<Pick<WorkerSettings, 'epics'>> = {},
  ): WorkerPlace {
    const place = new WorkerPlace(about);
    place.settings.startup = { profile: null, dir: null, module: join(place.dir, name) };
    mkdirSync(join(place.dir, name, '..'), { recursive: true });
    writeFileSync(join(place.dir, name), text);
    return place;
  }

  /** A worker process that listens. */
  async start(): Promise<WorkerProcess> {
    const file = join(this.dir, `settings-${++this.#processes}.json`);
    writeFileSync(file, JSON.stringify(this.settings), { mode: 0o600 });
    const child = spawn(process.execPath, ['--conditions=beamgate-source', MAIN, file], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const worker = new WorkerProcess(child);
    const outcome = await Promise.race([once(child, 'message'), worker.exited]);
    if (!Array.isArray(outcome)) throw new Error(`The worker did not start:\n${worker.output}`);
    return worker;
  }

  /** The documents in the file of a run that began today; each is one by event-model's schemas. */
  runFile(uid: string): [name: string, document: Record<string, unknown>][] {
    const day = new Date().toISOString().slice(0, 10);
    const text = readFileSync(join(this.settings.runs_dir, day, `${uid}.jsonl`), 'utf8');
    const documents = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as [name: string, document: Record<string, unknown>]);
    const faults = documents.flatMap(([name, document]) => schemaErrors(name, document));
    if (faults.length > 0) throw new Error(`The run file of ${uid} has faults:\n${faults.join('\n')}`);
    return documents;
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** One worker process. At the end of the test it is killed, if it still is. */
export class WorkerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** `exit code 0`, or the signal that killed it. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    // A test that runs out of time never comes to its end.
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
