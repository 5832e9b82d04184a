import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { Value } from 'typebox/value';
import { LINK_ERRORS, WORKER_PROTOCOL } from '../../protocol/worker/link.ts';
import type { WorkerReport } from '../../protocol/worker/reports.ts';
import {
  WORKER_REQUESTS,
  type WorkerParams,
  type WorkerRequestName,
  type WorkerResult,
} from '../../protocol/worker/requests.ts';
import type { WorkerState } from '../../protocol/worker/state.ts';
import { Connection, type RpcRequest } from './connection.ts';
import { ConsoleTail } from './console-tail.ts';
import { EpochKeeper } from './epoch-keeper.ts';
import { judgeGreeting } from './greeting.ts';
import { Refusal, RPC_ERRORS } from './refusal.ts';
import { ReportLog } from './report-log.ts';
import { prepareSocketPlace } from './socket-place.ts';
import { readToken } from './token-file.ts';

type OwnRequests = 'hello' | 'acknowledge' | 'state';

/** What the environment answers. A `Refusal` that is thrown becomes the answer; anything else is a bug and is told as one. */
export type WorkerRequests = {
  [N in Exclude<WorkerRequestName, OwnRequests>]: (
    params: WorkerParams<N>,
  ) => WorkerResult<N> | Promise<WorkerResult<N>>;
};

export interface LinkParts {
  readonly socket: string;
  readonly tokenFile: string;
  readonly worker: WorkerResult<'hello'>['worker'];
  readonly requests: WorkerRequests;
  readonly state: () => WorkerState;
  readonly onError: (error: unknown) => void;
  readonly onTrace: (method: WorkerRequestName, trace: string) => void;
}

/**
 * Serves one manager at a time, whichever greeted with the highest epoch. What the environment has to tell goes through
 * here in any case: reports are kept for the manager that comes, of states the latest counts, and console text waits in
 * a bounded tail.
 */
export class LinkServer {
  readonly #parts: LinkParts;
  readonly #reports: ReportLog;
  readonly #console = new ConsoleTail();
  readonly #connections = new Set<Connection>();
  #served: Connection | undefined;
  #server: Server | undefined;
  #token = '';
  #epochs: EpochKeeper | undefined;
  #stateIsNew = false;
  #allStored: PromiseWithResolvers<void> | undefined;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#reports = new ReportLog(parts.worker.uid);
  }

  /** @throws Error when the place cannot be made private, or another worker listens there */
  async listen(): Promise<void> {
    const { socket, tokenFile } = this.#parts;
    await prepareSocketPlace(socket);
    this.#token = readToken(tokenFile);
    this.#epochs = new EpochKeeper(`${socket}.epoch`);
    const server = createServer((peer) => this.#accept(peer));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    server.listen(socket, resolve);
    await promise;
    await chmod(socket, 0o600);
    this.#server = server;
  }

  report(report: WorkerReport): void {
    this.#sendState(); // what led to the report is known before it
    const numbered = this.#reports.add(report);
    this.#served?.notify('report', numbered);
  }

  /** Several changes within one turn are told once, as they stand in its end. */
  stateChanged(): void {
    if (this.#stateIsNew) return;
    this.#stateIsNew = true;
    setImmediate(() => this.#sendState());
  }

  console(msg: string): void {
    this.#console.add({ time: Date.now() / 1000, msg });
    this.#sendConsole();
  }

  /** Resolves when every report is stored, or at the signal. */
  async untilStored(signal: AbortSignal): Promise<void> {
    if (this.#reports.kept.length === 0 || signal.aborted) return;
    const stored = Promise.withResolvers<void>();
    this.#allStored = stored;
    signal.addEventListener('abort', () => stored.resolve(), { once: true });
    await stored.promise;
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.end();
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#server === undefined) return;
    this.#server.close(() => resolve());
    await promise;
  }

  #accept(socket: Socket): void {
    const connection: Connection = new Connection(socket, {
      request: (request) => void this.#answer(connection, request),
      ready: () => this.#catchUp(connection),
      ended: () => this.#forget(connection),
    });
    this.#connections.add(connection);
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#served === connection) this.#served = undefined;
  }

  async #answer(connection: Connection, request: RpcRequest): Promise<void> {
    const { id } = request;
    try {
      const result = this.#carryOut(connection, request);
      if (result !== ANSWERED) connection.answer(id, result instanceof Promise ? await result : result);
    } catch (error) {
      if (error instanceof Refusal) return connection.refuse(id, error);
      this.#parts.onError(error);
      connection.refuse(id, { code: RPC_ERRORS.INTERNAL_ERROR, message: String(error) });
    }
  }

  #carryOut(connection: Connection, { id, method, params, trace }: RpcRequest): unknown {
    if (!Object.hasOwn(WORKER_REQUESTS, method)) {
      throw new Refusal(`There is no request '${method}'`, RPC_ERRORS.METHOD_NOT_FOUND);
    }
    const name = method as WorkerRequestName;
    if (name !== 'hello' && connection !== this.#served) {
      throw new Refusal(`'${name}' needs a hello before it`, LINK_ERRORS.NOT_GREETED);
    }
    checkParams(name, params);
    if (trace !== undefined) this.#parts.onTrace(name, trace);
    if (name === 'hello') return this.#greet(connection, id, params as WorkerParams<'hello'>);
    if (name === 'state') return this.#parts.state();
    if (name === 'acknowledge') return this.#acknowledge(params as WorkerParams<'acknowledge'>);
    // The schema that belongs to the name was just checked; TypeScript cannot carry that pairing through an index.
    return (this.#parts.requests[name] as (params: unknown) => unknown)(params);
  }

  /** The answer goes out first: what follows belongs to a manager that knows it is served. */
  #greet(connection: Connection, id: RpcRequest['id'], hello: WorkerParams<'hello'>): typeof ANSWERED {
    const { worker, state } = this.#parts;
    judgeGreeting(hello, this.#token, this.#epochs as EpochKeeper); // there is one since `listen`
    if (this.#served !== connection) this.#served?.end();
    this.#served = connection;
    const { worker_uid: uid, number } = hello.last_report;
    if (uid === worker.uid) this.#reports.acknowledge(number);
    const answer: WorkerResult<'hello'> = {
      protocol: WORKER_PROTOCOL,
      worker,
      state: state(),
      last_report: this.#reports.last,
    };
    connection.answer(id, answer);
    for (const report of this.#reports.kept) connection.notify('report', report);
    this.#sendConsole();
    return ANSWERED;
  }

  #acknowledge({ number }: WorkerParams<'acknowledge'>): Record<string, never> {
    this.#reports.acknowledge(number);
    if (this.#reports.kept.length === 0) this.#allStored?.resolve();
    return {};
  }

  #sendState(): void {
    if (!this.#stateIsNew || this.#served?.isBehind === true) return;
    this.#stateIsNew = false;
    this.#served?.notify('state', this.#parts.state());
  }

  #sendConsole(): void {
    if (this.#served === undefined || this.#served.isBehind) return;
    for (const text of this.#console.take()) this.#served.notify('console', text);
  }

  #catchUp(connection: Connection): void {
    if (connection !== this.#served) return;
    this.#sendState();
    this.#sendConsole();
  }
}

/** The request was answered already. */
const ANSWERED = Symbol('answered');

function checkParams(name: WorkerRequestName, params: unknown): void {
  const schema = WORKER_REQUESTS[name].params;
  if (Value.Check(schema, params)) return;
  const [first] = Value.Errors(schema, params);
  throw new Refusal(
    `'${name}': ${first?.instancePath ?? ''} ${first?.message ?? 'is not what it takes'}`,
    RPC_ERRORS.INVALID_PARAMS,
  );
}
