import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { QueueItem } from '../../src/protocol/item.ts';
import type { ManagerStatus } from '../../src/protocol/status.ts';
import { livingRecord } from '../../src/supervisor/child-record.ts';

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
export class Beamline {
  readonly dataDir: string;
  readonly url: string;
  readonly controlAddress: string;
  readonly infoAddress: string;
  readonly #ports: number[];
  #supervisor: ChildProcess | null = null;
  #key = KEY;
  output = '';

  private constructor(ports: number[]) {
    this.dataDir = mkdtempSync(join(tmpdir(), 'beamline-'));
    this.#ports = ports;
    this.url = `http://127.0.0.1:${ports[0]}`;
    this.controlAddress = `tcp://127.0.0.1:${ports[1]}`;
    this.infoAddress = `tcp://127.0.0.1:${ports[2]}`;
  }

  /** With the key `test` in the environment, or with one made at the first start. */
  static async start({ madeKey = false } = {}): Promise<Beamline> {
    const beamline = new Beamline(await freePorts(3));
    if (madeKey) beamline.#key = '';
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
    const child = spawn(LAUNCHER, this.startArguments, {
      env: { ...process.env, QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY: this.#key },
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
    this.#key ||= readFileSync(join(this.dataDir, 'single-user-key'), 'utf8');
  }

  // What a client does

  async call(verb: 'GET' | 'POST', path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/api${path}`, {
      method: verb,
      headers: { authorization: `ApiKey ${this.#key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** A call that is to succeed. */
  async must(verb: 'GET' | 'POST', path: string, body?: object): Promise<Record<string, unknown>> {
    const reply = await this.call(verb, path, body);
    if (reply['success'] !== true) throw new Error(`${verb} ${path}: ${JSON.stringify(reply)}`);
    return reply;
  }

  async status(): Promise<ManagerStatus> {
    return (await this.call('GET', '/status')) as unknown as ManagerStatus;
  }

  async add(name: string, args: unknown[] = [], kwargs: object = {}): Promise<string> {
    const reply = await this.must('POST', '/queue/item/add', { item: { item_type: 'plan', name, args, kwargs } });
    return (reply['item'] as QueueItem).item_uid;
  }

  async queue(): Promise<QueueItem[]> {
    return (await this.must('GET', '/queue/get'))['items'] as QueueItem[];
  }

  async history(): Promise<QueueItem[]> {
    return (await this.must('GET', '/history/get'))['items'] as QueueItem[];
  }

  async openEnvironment(): Promise<void> {
    await this.must('POST', '/environment/open');
    await this.until((status) => status.worker_environment_state === 'idle' && status.manager_state === 'idle');
  }

  /** Waits for a status by the events of the status socket, which it opens again when the gateway was away. */
  async until(isSo: (status: ManagerStatus) => boolean, withinMs = 20_000): Promise<ManagerStatus> {
    const deadline = performance.now() + withinMs;
    let last: ManagerStatus | undefined;
    while (performance.now() < deadline) {
      for await (const status of this.#statuses(deadline)) {
        last = status;
        if (isSo(status)) return status;
      }
    }
    throw new Error(`not within ${withinMs} ms; the last status: ${JSON.stringify(last)}\n${this.logs()}`);
  }

  async *#statuses(deadline: number): AsyncGenerator<ManagerStatus> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/api/status/ws`, {
      headers: { authorization: `ApiKey ${this.#key}` },
    });
    const frames: ManagerStatus[] = [];
    let wake = Promise.withResolvers<void>();
    let isOpen = true;
    const end = () => {
      isOpen = false;
      wake.resolve();
    };
    const timer = setTimeout(end, Math.max(0, deadline - performance.now()));
    socket.on('message', (data: Buffer) => {
      frames.push((JSON.parse(data.toString('utf8')) as { msg: { status: ManagerStatus } }).msg.status);
      wake.resolve();
    });
    socket.on('error', end);
    socket.on('close', end);
    try {
      for (;;) {
        for (let frame = frames.shift(); frame; frame = frames.shift()) yield frame;
        if (!isOpen) return;
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      clearTimeout(timer);
      socket.terminate();
    }
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
