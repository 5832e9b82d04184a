import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { LineSplitter } from '../../lib/lines.ts';
import { coded } from '../../protocol/error-codes.ts';
import { LINK_ERRORS, MAX_LINE_BYTES } from '../../protocol/worker/link.ts';
import { currentTrace } from '../trace.ts';
import type { WorkerParams, WorkerRequestName, WorkerResult } from '../../protocol/worker/requests.ts';

interface Pending {
  readonly name: WorkerRequestName;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface ConnectionListener {
  notified(method: string, params: unknown): void;
  /** Once, after every pending request was rejected. */
  ended(): void;
}

/** One socket to a worker: requests and their answers by id, notifications in order. Its end answers all that is pending. */
export class LinkConnection {
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly #lines = new LineSplitter(MAX_LINE_BYTES);
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  private constructor(socket: Socket, listener: ConnectionListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on('data', (chunk) => this.#received(chunk));
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => this.#ended());
  }

  /** @throws the socket's error when nobody listens there */
  static async open(path: string, listener: ConnectionListener): Promise<LinkConnection> {
    const socket = connect(path);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('connect', resolve);
    socket.once('error', reject);
    await promise;
    socket.removeListener('error', reject);
    return new LinkConnection(socket, listener);
  }

  /** @throws REFUSED with the worker's sentence; WORKER_AWAY when it did not answer in time, or its connection ended */
  request<N extends WorkerRequestName>(name: N, params: WorkerParams<N>, timeoutMs: number): Promise<WorkerResult<N>> {
    const id = ++this.#lastId;
    return new Promise<WorkerResult<N>>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(coded('WORKER_AWAY', { request: name, reason: `no answer within ${timeoutMs / 1000} s` }));
      }, timeoutMs);
      // Answers are matched by id, so each belongs to the request of its name.
      this.#pending.set(id, { name, resolve: resolve as (result: unknown) => void, reject, timer });
      const trace = currentTrace.getStore();
      this.#socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: name, params, trace })}\n`);
    });
  }

  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #received(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) this.#take(JSON.parse(line) as Message);
    } catch (error) {
      // What a worker says that is no line of ours cannot be trusted to be followed by one.
      this.#socket.destroy(error as Error);
    }
  }

  #take({ id, method, params, result, error }: Message): void {
    if (method !== undefined) return this.#listener.notified(method, params);
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (error === undefined) return pending.resolve(result);
    pending.reject(
      error.code === LINK_ERRORS.REFUSED
        ? coded('REFUSED', { msg: error.message })
        : coded('WORKER_AWAY', { request: pending.name, reason: error.message }),
    );
  }

  #ended(): void {
    for (const { name, reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(coded('WORKER_AWAY', { request: name, reason: 'its connection ended' }));
    }
    this.#pending.clear();
    this.#listener.ended();
  }
}
