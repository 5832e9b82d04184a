import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { livingRecord } from '../../src/supervisor/child-record.ts';
import { BeamlineClient } from './beamline-client.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/beamgate', import.meta.url));
const KEY = 'test';
const PROCESSES = ['gateway', 'manager', 'worker', 'ioc'] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** `beamgate …` to its end: what it printed and its exit code. */
export async function beamgate(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(LAUNCHER, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: Buffer.concat(output).toString('utf8') };
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * A whole beamline as a user starts it: `beamgate start`, on a folder and ports of its own, driven over REST and
 * WebSocket. Everything it started is down when the test is over.
 */
export class Beamline extends BeamlineClient {
  readonly dataDir: string;
  readonly controlAddress: string;
  readonly infoAddress: string;
  readonly #ports: number[];
  readonly #launcher: string;
  #environment: Readonly<Record<string, string>> = {};
  #supervisor: ChildProcess | null = null;
  output = '';

  private constructor(ports: number[], launcher: string) {
    super(`http://127.0.0.1:${ports[0]}`, KEY);
    this.dataDir = mkdtempSync(join(tmpdir(), 'beamline-'));
    this.#ports = ports;
    this.#launcher = launcher;
    this.controlAddress = `tcp://127.0.0.1:${ports[1]}`;
    this.infoAddress = `tcp://127.0.0.1:${ports[2]}`;
  }

  /** With the key `test` in the environment, or with one made at the first start; from this checkout, or by `launcher`. */
  static async start({ madeKey = false, launcher = LAUNCHER, environment = {} } = {}): Promise<Beamline> {
    const beamline = new Beamline(await freePorts(3), launcher);
    if (madeKey) beamline.key = '';
    beamline.#environment = environment;
    await beamline.startAgain();
    return beamline;
  }

  get runDir(): string {
    return join(this.dataDir, 'run');
  }

  get startArguments(): string[] {
    const [port] = this.#ports;
    const folder = ['start', '--data-dir', this.dataDir, '--port', String(port)];
    return folder.concat('--zmq-control-addr', this.controlAddress, '--zmq-info-addr', this.infoAddress);
  }

  /** A new supervisor on the same folder and ports. Resolves when it has printed that it is ready. */
  async startAgain(): Promise<void> {
    const child = spawn(this.#launcher, this.startArguments, {
      env: { ...process.env, QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY: this.key, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#supervisor = child;
    this.output = '';
    const ready = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString('utf8');
        if (this.output.includes('Beamgate is ready')) ready.resolve();
      });
    }
    child.once('exit', (code) => ready.reject(new Error(`beamgate start ended with ${code}:\n${this.output}`)));
    await ready.promise;
    this.key ||= readFileSync(join(this.dataDir, 'single-user-key'), 'utf8');
  }

  /** The documents of one run, from its file. */
  documents(runUid: string): [string, Record<string, unknown>][] {
    const [file] = globSync(join(this.dataDir, 'runs', '*', `${runUid}.jsonl`));
    if (file === undefined) throw new Error(`there is no run file of ${runUid}`);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as [string, Record<string, unknown>]);
  }

  /** UIDs of all runs that have a file. */
  runUids(): string[] {
    return globSync(join(this.dataDir, 'runs', '*', '*.jsonl')).map((file) => file.slice(-42, -6));
  }

  // What fate does

  pid(name: ProcessName): number {
    const record = livingRecord(this.runDir, name);
    if (!record) throw new Error(`${name} does not run`);
    return record.pid;
  }

  kill(name: ProcessName): void {
    process.kill(this.pid(name), 'SIGKILL');
  }

  async killSupervisor(): Promise<void> {
    const child = this.#supervisor as ChildProcess;
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    await once(child, 'exit');
    this.#supervisor = null;
    this.output = '';
  }

  /** As Ctrl-C does. Gives the exit code and how long it took. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<{ code: number | null; ms: number }> {
    const child = this.#supervisor;
    if (!child || child.exitCode !== null) return { code: child?.exitCode ?? null, ms: 0 };
    const began = performance.now();
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    this.#supervisor = null;
    return { code, ms: performance.now() - began };
  }

  running(): ProcessName[] {
    return PROCESSES.filter((name) => livingRecord(this.runDir, name) !== null);
  }

  protected override diagnosis(): string {
    return this.logs();
  }

  logs(): string {
    return globSync(join(this.dataDir, 'logs', '*.log'))
      .map((file) => `--- ${file}\n${readFileSync(file, 'utf8').slice(-3000)}`)
      .join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await beamgate(['stop', '--data-dir', this.dataDir]);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
