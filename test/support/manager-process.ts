import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, encode } from '@msgpack/msgpack';
import { Request, Subscriber } from 'zeromq';
import type { ManagerSettings } from '../../src/config/process-settings.ts';
import { parsePlain } from '../../src/lib/raw-json.ts';
import type { ManagerStatus } from '../../src/protocol/status.ts';
import { WorkerPlace, type WorkerProcess } from './worker-process.ts';

const REPLY_MS = 5000;
const FREE_ADDRESSES = { zmq_control_addr: 'tcp://127.0.0.1:*', zmq_info_addr: 'tcp://127.0.0.1:*' };
const MAIN = fileURLToPath(new URL('../../src/manager/main.ts', import.meta.url));

export type Reply = Record<string, unknown> & { success: boolean; msg: string };

/**
 * A real manager process beside real worker processes, one after another on the same socket as a supervisor would start
 * them. It speaks to the manager as any client does. Everything is gone after the test.
 */
export class ManagerPlace implements AsyncDisposable {
  readonly workers: WorkerPlace;
  readonly settings: ManagerSettings;
  #environment: Readonly<Record<string, string>>;
  worker: WorkerProcess | undefined;
  output = '';
  readonly statuses: ManagerStatus[] = [];
  readonly console: string[] = [];
  #child: ChildProcess | undefined;
  #request: Request | undefined;
  #subscriber: Subscriber | undefined;
  #isRenewing = true;
  #told = Promise.withResolvers<void>();
  #printed = Promise.withResolvers<void>();
  #isDisposed = false;
  #renewal: Promise<void> = Promise.resolve();

  private constructor(
    settings: Partial<ManagerSettings>,
    environment: Readonly<Record<string, string>>,
    ports: readonly number[],
  ) {
    this.#environment = environment;
    this.workers = new WorkerPlace();
    const { data_dir: dataDir, run_dir: runDir, link } = this.workers.settings;
    this.settings = {
      data_dir: dataDir,
      run_dir: runDir,
      link,
      zmq_control_addr: `tcp://127.0.0.1:${ports[0]}`,
      zmq_info_addr: `tcp://127.0.0.1:${ports[1]}`,
      zmq_encoding: 'json',
      zmq_publish_console: true,
      testing: false,
      console_output: true,
      verbosity: 'info',
      store: { kind: 'sqlite', file: join(dataDir, 'queue.sqlite') },
      user_group_permissions_file: null,
      existing_plans_devices_file: join(dataDir, 'existing_plans_and_devices.yaml'),
      startup_profile: 'sim',
      update_existing_plans_devices: 'ENVIRONMENT_OPEN',
      user_group_permissions_reload: 'ON_STARTUP',
      ...settings,
    };
    mkdirSync(dataDir, { recursive: true });
  }

  static async start(
    settings: Partial<ManagerSettings> = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ManagerPlace> {
    const place = new ManagerPlace(settings, environment, await freePorts(2));
    return await place.#started(async () => {
      await place.startWorker();
      await place.startManager();
    });
  }

  /** A manager alone: no worker is there, and none comes by itself. */
  static async withoutWorker(
    settings: Partial<ManagerSettings> = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ManagerPlace> {
    const place = new ManagerPlace(settings, environment, await freePorts(2));
    return await place.#started(() => place.startManager());
  }

  /** Of one that does not come up nothing is left either. */
  async #started(start: () => Promise<void>): Promise<this> {
    try {
      await start();
      return this;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Not started, in the folders of another. */
  static beside(other: ManagerPlace, settings: Partial<ManagerSettings>): ManagerPlace {
    return new ManagerPlace({ ...other.settings, ...FREE_ADDRESSES, ...settings }, {}, [0, 0]);
  }

  async startWorker(): Promise<void> {
    const worker = await this.workers.start();
    this.worker = worker;
    void this.#renewed(worker);
  }

  async #renewed(worker: WorkerProcess): Promise<void> {
    await worker.exited;
    // A manager that was stopped takes its worker with it.
    const isStopped = this.#child?.exitCode === 0;
    if (this.#isRenewing && !this.#isDisposed && !isStopped) this.#renewal = this.startWorker();
  }

  /** With which the next manager process is started. */
  setEnvironment(environment: Readonly<Record<string, string>>): void {
    this.#environment = environment;
  }

  /** No new worker process follows the one that runs. */
  stopRenewing(): void {
    this.#isRenewing = false;
  }

  async startManager(): Promise<void> {
    const file = join(this.workers.dir, 'manager.json');
    writeFileSync(file, JSON.stringify(this.settings), { mode: 0o600 });
    const child = spawn(process.execPath, ['--conditions=beamgate-source', MAIN, file], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...this.#environment },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        this.#printed.resolve();
      });
    }
    const exited = once(child, 'exit');
    const outcome: unknown[] = await Promise.race([once(child, 'message'), exited]);
    if (child.exitCode !== null) throw new Error(`The manager ended with ${String(outcome[0])}:\n${this.output}`);
    this.#listen();
  }

  /** As after `manager_stop`: the manager has ended, and its worker with it. */
  async startAgain(): Promise<void> {
    await this.managerExit();
    await this.worker?.exited;
    this.#isRenewing = true;
    await this.startWorker();
    await this.startManager();
  }

  get managerPid(): number {
    return this.#child?.pid as number;
  }

  /** `exit code`, or the signal. */
  async managerExit(): Promise<number | NodeJS.Signals> {
    const child = this.#child as ChildProcess;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode ?? (child.signalCode as NodeJS.Signals);
  }

  async signalManager(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    this.#child?.kill(signal);
    return await this.managerExit();
  }

  async killManager(): Promise<void> {
    await this.signalManager('SIGKILL');
  }

  // What a client does

  /** One raw frame, as it is; null when no reply comes. */
  async send(frame: string | Uint8Array): Promise<string | null> {
    const reply = await this.#exchange(frame);
    return reply?.toString('utf8') ?? null;
  }

  /** A request that is not to be answered. */
  sendOnly(frame: string): void {
    const request = new Request({ linger: 1000 });
    request.connect(this.settings.zmq_control_addr);
    void request.send(frame).finally(() => request.close());
  }

  /** On a socket of its own: for a reply that may take its time. */
  async sendBeside(frame: string): Promise<string> {
    const request = new Request({ linger: 0 });
    request.connect(this.settings.zmq_control_addr);
    try {
      await request.send(frame);
      return String((await request.receive())[0]);
    } finally {
      request.close();
    }
  }

  /** The next worker process has this startup code. */
  async useStartup(code: string): Promise<void> {
    const module = join(this.workers.dir, 'startup.ts');
    writeFileSync(module, code);
    this.workers.settings.startup = { profile: null, dir: null, module };
    this.worker?.signal('SIGKILL');
    await this.worker?.exited;
    await this.#renewal;
  }

  async #exchange(frame: string | Uint8Array): Promise<Buffer | null> {
    if (this.#request === undefined) {
      this.#request = new Request({ linger: 0, receiveTimeout: REPLY_MS });
      this.#request.connect(this.settings.zmq_control_addr);
    }
    const request = this.#request;
    try {
      await request.send(frame);
      const [reply] = await request.receive();
      return reply ?? null;
    } catch {
      // Without its reply the socket is dead; the next request has a new one.
      request.close();
      if (this.#request === request) this.#request = undefined;
      return null;
    }
  }

  async call(method: string, params?: object): Promise<Reply> {
    const request = params ? { method, params } : { method };
    const reply = await this.#exchange(this.#isPacked ? encode(request) : JSON.stringify(request));
    if (reply === null) throw new Error(`no reply to ${method}\n${this.output}`);
    return (this.#isPacked ? decode(reply) : parsePlain(reply.toString('utf8'))) as Reply;
  }

  get #isPacked(): boolean {
    return this.settings.zmq_encoding === 'msgpack';
  }

  async must(method: string, params?: object): Promise<Reply> {
    const reply = await this.call(method, params);
    if (!reply.success) throw new Error(`${method}: ${reply.msg}\n${this.output}`);
    return reply;
  }

  /** What was asked of a manager that is gone is not asked of the next one. */
  hangUp(): void {
    this.#request?.close();
    this.#request = undefined;
  }

  async status(): Promise<ManagerStatus> {
    return (await this.call('status')) as unknown as ManagerStatus;
  }

  async add(name: string, args: unknown[] = [], kwargs: object = {}): Promise<string> {
    const item = { item_type: 'plan', name, args, kwargs };
    const reply = await this.must('queue_item_add', { item, user: 'Ann', user_group: 'primary' });
    return (reply['item'] as { item_uid: string }).item_uid;
  }

  async openEnvironment(): Promise<void> {
    await this.must('environment_open');
    await this.until((status) => status.worker_environment_exists && status.manager_state === 'idle');
  }

  async history(): Promise<{ item_uid: string; result: Record<string, unknown> }[]> {
    const { items } = await this.must('history_get');
    return items as { item_uid: string; result: Record<string, unknown> }[];
  }

  /** Waits for a status by what the manager publishes. */
  async until(isSo: (status: ManagerStatus) => boolean, withinMs = 15_000): Promise<ManagerStatus> {
    const now = await this.status();
    if (isSo(now)) return now;
    const deadline = performance.now() + withinMs;
    const known = this.statuses.length;
    for (let at = known; ;) {
      for (; at < this.statuses.length; at++) {
        const status = this.statuses[at] as ManagerStatus;
        if (isSo(status)) return status;
      }
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`not within ${withinMs} ms: ${JSON.stringify(await this.status())}\n${this.output}`);
      const timer = setTimeout(() => this.#told.resolve(), Math.min(left, 1000));
      await this.#told.promise;
      clearTimeout(timer);
      this.#told = Promise.withResolvers();
      // A frame may have been sent before the subscription stood.
      const status = await this.status();
      if (isSo(status)) return status;
    }
  }

  async untilRunIsOpen(): Promise<void> {
    const { re_state: state } = await this.status();
    if (state !== 'running') return;
    for (;;) {
      const { run_list: runs } = await this.call('re_runs');
      if ((runs as { is_open: boolean }[]).some(({ is_open: isOpen }) => isOpen)) return;
      await this.untilTold();
    }
  }

  /** Resolves once this text was printed. */
  async untilOutput(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      await this.#printed.promise;
      this.#printed = Promise.withResolvers();
    }
  }

  /** Resolves with the next frame. */
  async untilTold(): Promise<void> {
    await this.#told.promise;
    this.#told = Promise.withResolvers();
  }

  /** Resolves when no change of status was published for so long. */
  async untilQuiet(ms: number): Promise<void> {
    for (;;) {
      const uid = this.statuses.at(-1)?.status_uid;
      const over = new AbortController();
      const quiet = setTimeout(() => {
        over.abort();
        this.#told.resolve();
      }, ms);
      // Console text is told, too, and says nothing of the status.
      while (!over.signal.aborted && this.statuses.at(-1)?.status_uid === uid) await this.untilTold();
      clearTimeout(quiet);
      if (this.statuses.at(-1)?.status_uid === uid) return;
    }
  }

  #listen(): void {
    if (this.#subscriber) return;
    const subscriber = new Subscriber({ linger: 0 });
    this.#subscriber = subscriber;
    subscriber.connect(this.settings.zmq_info_addr);
    subscriber.subscribe();
    void (async () => {
      for await (const [topic, payload] of subscriber) this.#frame(String(topic), payload as Buffer);
    })().catch(() => undefined);
  }

  #frame(topic: string, payload: Buffer): void {
    const { msg } = (this.#isPacked ? decode(payload) : JSON.parse(payload.toString('utf8'))) as { msg: unknown };
    if (topic === 'QS_Info') this.statuses.push((msg as { status: ManagerStatus }).status);
    else this.console.push(msg as string);
    this.#told.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#isRenewing = false;
    this.#request?.close();
    this.#subscriber?.close();
    if (this.#child) await this.killManager();
    await this.#renewal;
    await this.worker?.[Symbol.asyncDispose]();
    this.workers[Symbol.dispose]();
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
