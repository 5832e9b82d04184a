import { readFile } from 'node:fs/promises';
import { defineStates, StateMachine } from '../../lib/define-states.ts';
import { Emitter } from '../../lib/emitter.ts';
import type { WorkerLinkSettings } from '../../config/process-settings.ts';
import { coded } from '../../protocol/error-codes.ts';
import { WORKER_PROTOCOL } from '../../protocol/worker/link.ts';
import type { ConsoleText, NumberedReport } from '../../protocol/worker/reports.ts';
import type { WorkerParams, WorkerRequestName, WorkerResult } from '../../protocol/worker/requests.ts';
import type { WorkerState } from '../../protocol/worker/state.ts';
import { Knocking } from './knocking.ts';
import { LinkConnection } from './link-connection.ts';
import { identityOf, isRunning, killProcess } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

export type Greeting = WorkerResult<'hello'>;

/**
 * The link to whatever worker process listens on the socket.
 *
 * It is `away` until a worker has answered `hello`; then it is `greeted`, and everything may be asked. A worker whose
 * environment has closed is `spent`: it only stays to have its reports stored, and the next greeting is another process's.
 * A connection that ends leads back to `away`; whether the worker died with it is known once its process is gone or
 * another one greets.
 */
const linkStates = defineStates(
  { away: ['greeted'], greeted: ['spent', 'away'], spent: ['away'], closed: [] },
  { fromAnywhere: ['closed'] },
);

// A type, not an interface: the emitter wants an index signature, which only a type alias has by itself.
// oxlint-disable-next-line typescript/consistent-type-definitions
export type WorkerLinkEvents = {
  /** A worker is there. `isAnother`: not the process of the greeting before. Its kept reports follow. */
  greeted: { greeting: Greeting; isAnother: boolean };
  report: NumberedReport;
  state: WorkerState;
  console: ConsoleText;
  /** The process that was greeted last is gone; it was not asked to go. */
  died: { pid: number; wasSpent: boolean };
};

export interface WorkerLinkParts {
  readonly settings: WorkerLinkSettings;
  readonly version: string;
  /** What the store says was the last report it has, of which worker. */
  readonly lastReport: () => { worker_uid: string; number: number };
  /** Rises with each start of a manager on this store. */
  readonly storeEpoch: number;
  readonly onError: (error: unknown) => void;
}

const REQUEST_MS = 5000;
/** Reconnections of one manager have room between its epoch and the next manager's. */
const EPOCHS_A_MANAGER = 1_000_000;

export class WorkerLink {
  readonly #parts: WorkerLinkParts;
  readonly #events: Emitter<WorkerLinkEvents>;
  readonly #machine = new StateMachine(linkStates, 'away');
  readonly #knocking: Knocking;
  #connection: LinkConnection | undefined;
  #worker: { uid: string; process: ProcessIdentity; isGone: boolean } | undefined;
  #greetings = 0;
  #arrival = Promise.withResolvers<void>();

  constructor(parts: WorkerLinkParts) {
    this.#parts = parts;
    this.#events = new Emitter(parts.onError);
    this.#knocking = new Knocking(parts.settings.socket, () => this.#knock());
  }

  on<K extends keyof WorkerLinkEvents>(name: K, listener: (event: WorkerLinkEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  get isGreeted(): boolean {
    return this.#machine.is('greeted');
  }

  start(): void {
    this.#knocking.start();
  }

  /** Resolves once a worker that may be asked is there. @throws WORKER_AWAY after the time */
  async untilGreeted(timeoutMs: number): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const seconds = timeoutMs / 1000;
      late.reject(coded('WORKER_AWAY', { request: 'hello', reason: `no worker process within ${seconds} s` }));
    }, timeoutMs);
    try {
      while (!this.#machine.is('greeted')) await Promise.race([this.#arrival.promise, late.promise]);
    } finally {
      clearTimeout(timer);
      late.promise.catch(() => undefined);
    }
  }

  /** @throws REFUSED with the worker's sentence, WORKER_AWAY */
  async request<N extends WorkerRequestName>(
    name: N,
    params: WorkerParams<N>,
    timeoutMs = REQUEST_MS,
  ): Promise<WorkerResult<N>> {
    if (!this.#connection || !this.#machine.is('greeted')) {
      throw coded('WORKER_AWAY', { request: name, reason: 'no worker process is connected' });
    }
    return await this.#connection.request(name, params, timeoutMs);
  }

  /** Stored: the worker may forget reports up to this one. A lost acknowledgement is made good by the next greeting. */
  acknowledge(report: NumberedReport): void {
    if (report.worker_uid !== this.#worker?.uid) return;
    this.#connection?.request('acknowledge', { number: report.number }, REQUEST_MS).catch(() => undefined);
  }

  /** The environment of this worker is closed: it will end by itself, and nothing more is asked of it. */
  spend(): void {
    if (!this.#machine.is('greeted')) return;
    this.#machine.change({ from: 'greeted', to: 'spent', why: 'its environment is closed' });
    this.#arrival = Promise.withResolvers();
  }

  /** The way out of a worker that does not answer. Its death is told as any other. */
  killWorker(): void {
    if (this.#worker) killProcess(this.#worker.process);
  }

  get hasWorkerProcess(): boolean {
    return this.#worker !== undefined && !this.#worker.isGone && isRunning(this.#worker.process);
  }

  close(): void {
    if (this.#machine.is('closed')) return;
    this.#machine.change({ to: 'closed', why: 'the manager ends' });
    this.#knocking.stop();
    this.#connection?.close();
  }

  /** One attempt. True when it led to a greeting. */
  async #knock(): Promise<boolean> {
    this.#lookForDeath();
    const { settings } = this.#parts;
    let connection: LinkConnection | undefined;
    // Nothing is told of a worker before it has greeted, nor before its predecessor's end was told.
    const early: (() => void)[] = [];
    let isServed = false;
    try {
      const token = (await readFile(settings.token_file, 'utf8')).trim();
      const opened = await LinkConnection.open(settings.socket, {
        notified: (method, params) => {
          if (isServed) this.#notified(method, params);
          else early.push(() => this.#notified(method, params));
        },
        ended: () => this.#lost(opened),
      });
      connection = opened;
      const greeting = await connection.request('hello', this.#hello(token), REQUEST_MS);
      if (this.#machine.is('closed')) throw new Error('the manager ends');
      this.#greeted(connection, greeting);
      isServed = true;
      for (const notify of early) notify();
      return true;
    } catch {
      connection?.close();
      return false;
    }
  }

  #hello(token: string): WorkerParams<'hello'> {
    return {
      protocol: WORKER_PROTOCOL,
      epoch: this.#parts.storeEpoch * EPOCHS_A_MANAGER + ++this.#greetings,
      token,
      manager: { pid: process.pid, version: this.#parts.version },
      last_report: this.#parts.lastReport(),
    };
  }

  #greeted(connection: LinkConnection, greeting: Greeting): void {
    const { uid, pid } = greeting.worker;
    const isAnother = this.#worker?.uid !== uid;
    if (isAnother) {
      this.#tellDeath();
      this.#worker = { uid, process: identityOf(pid), isGone: false };
    }
    this.#connection = connection;
    this.#machine.change({ from: 'away', to: 'greeted', why: `worker process ${pid}` });
    this.#events.emit('greeted', { greeting, isAnother });
    this.#arrival.resolve();
  }

  #notified(method: string, params: unknown): void {
    // The other end is a worker that proved its protocol; what it sends has the shapes of that protocol.
    if (method === 'report') this.#events.emit('report', params as NumberedReport);
    else if (method === 'state') this.#events.emit('state', params as WorkerState);
    else if (method === 'console') this.#events.emit('console', params as ConsoleText);
  }

  #lost(connection: LinkConnection): void {
    if (connection !== this.#connection || this.#machine.is('closed')) return;
    this.#connection = undefined;
    this.#wasSpent = this.#machine.is('spent');
    if (!this.#wasSpent) this.#arrival = Promise.withResolvers();
    this.#machine.change({ from: ['greeted', 'spent'], to: 'away', why: 'the connection ended' });
    this.#knocking.start();
  }

  #wasSpent = false;

  #lookForDeath(): void {
    if (this.#worker && !isRunning(this.#worker.process)) this.#tellDeath();
  }

  #tellDeath(): void {
    if (!this.#worker || this.#worker.isGone) return;
    this.#worker.isGone = true;
    this.#events.emit('died', { pid: this.#worker.process.pid, wasSpent: this.#wasSpent });
  }
}
