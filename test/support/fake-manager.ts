import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { LineSplitter } from '../../src/lib/lines.ts';
import { MAX_LINE_BYTES, WORKER_PROTOCOL } from '../../src/protocol/worker/link.ts';
import type { ConsoleText, NumberedReport, ReportOf, WorkerReport } from '../../src/protocol/worker/reports.ts';
import type { WorkerParams, WorkerRequestName, WorkerResult } from '../../src/protocol/worker/requests.ts';
import type { WorkerState } from '../../src/protocol/worker/state.ts';

interface Link {
  socket: string;
  token_file: string;
}
interface RpcError extends Error {
  code: number;
}

/**
 * A manager as the worker sees it: it speaks the link's contract and nothing else, remembers what it was told, and
 * acknowledges what it was asked to.
 */
export class FakeManager implements AsyncDisposable {
  readonly reports: NumberedReport[] = [];
  readonly states: WorkerState[] = [];
  readonly console: ConsoleText[] = [];
  /** Resolves when the worker ends the connection. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #lines = new LineSplitter(MAX_LINE_BYTES);
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #token = '';
  #nextId = 1;
  #told = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    socket.on('data', (chunk) => this.#received(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
      for (const request of this.#pending.values()) request.reject(new Error('the worker ended the connection'));
      this.#wake();
    });
  }

  /** Connected, not greeted. Waits for the worker's socket to appear. */
  static async connected(link: Link): Promise<FakeManager> {
    for (;;) {
      const socket = connect(link.socket);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      socket.once('connect', resolve);
      socket.once('error', reject);
      try {
        await promise;
        const manager = new FakeManager(socket);
        manager.#token = readFileSync(link.token_file, 'utf8').trim();
        return manager;
      } catch (error) {
        if (!['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
        await new Promise((again) => setTimeout(again, 5)); // a socket's file has no event to wait for
      }
    }
  }

  static async greeted(link: Link, about: Partial<WorkerParams<'hello'>> = {}): Promise<FakeManager> {
    const manager = await FakeManager.connected(link);
    await manager.hello(about);
    return manager;
  }

  hello(about: Partial<WorkerParams<'hello'>> = {}): Promise<WorkerResult<'hello'>> {
    return this.request('hello', {
      protocol: WORKER_PROTOCOL,
      epoch: 1,
      token: this.#token,
      manager: { pid: process.pid, version: 'test' },
      last_report: { worker_uid: '', number: 0 },
      ...about,
    });
  }

  request<N extends WorkerRequestName>(method: N, params: WorkerParams<N>): Promise<WorkerResult<N>> {
    const id = this.#nextId++;
    const reply = Promise.withResolvers<unknown>();
    this.#pending.set(id, reply);
    this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return reply.promise as Promise<WorkerResult<N>>;
  }

  /** A line as it is. */
  send(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  /** The first report of this kind from the place `from` on, perhaps one that is here already. */
  async report<T extends WorkerReport['type']>(type: T, from = 0): Promise<ReportOf<T>> {
    const { report } = await this.until(() => this.reports.slice(from).find(({ report }) => report.type === type));
    return report as ReportOf<T>;
  }

  async state(isWanted: (state: WorkerState) => boolean): Promise<WorkerState> {
    return this.until(() => [this.states.at(-1)].find((state) => state !== undefined && isWanted(state)));
  }

  /** What `find` finds, looked for again whenever the worker has told something. */
  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#socket.destroyed) throw new Error('the worker ended the connection');
      await this.#told.promise;
    }
  }

  async openEnvironment(): Promise<ReportOf<'environment_opened'>> {
    await this.request('environment_open', {});
    return this.report('environment_opened');
  }

  /** Runs one plan to its end. */
  async run(
    item: { name: string; args?: unknown[]; kwargs?: object; meta?: object },
    uid = 'item-1',
  ): Promise<ReportOf<'item_finished'>> {
    const from = this.reports.length;
    await this.request('run_item', { item_uid: uid, item: itemText(item, uid) });
    return this.report('item_finished', from);
  }

  close(): void {
    this.#socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.ended;
  }

  #received(chunk: Buffer): void {
    for (const line of this.#lines.push(chunk)) {
      const { id, method, params, result, error } = JSON.parse(line);
      if (method === 'report') this.reports.push(params);
      else if (method === 'state') this.states.push(params);
      else if (method === 'console') this.console.push(params);
      else if (error !== undefined)
        this.#pending.get(id)?.reject(Object.assign(new Error(error.message), error) as RpcError);
      else this.#pending.get(id)?.resolve(result);
    }
    this.#wake();
  }

  #wake(): void {
    this.#told.resolve();
    this.#told = Promise.withResolvers();
  }
}

export const itemText = (item: object, uid = 'item-1'): string =>
  JSON.stringify({ item_type: 'plan', user: 'Ann', user_group: 'primary', item_uid: uid, ...item });
