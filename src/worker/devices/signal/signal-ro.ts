import type { DeviceContext } from '../device-context.ts';
import type { Kind, Part, Place } from '../part.ts';
import type { DataKey, DataKeys, Hints, Reading, Readings, SyncOrAsync } from '../protocols.ts';
import type { SignalBackend, SignalFacts } from './backend.ts';
import { type Expectation, unexpected } from './expectation.ts';

export interface SignalOptions extends Place {
  expects?: Expectation;
  /** Keep it monitored while connected; else it is while staged or subscribed to. */
  monitored?: boolean;
  /** Whether a monitor's value may answer `read()`: not for what must be newer than a trigger. Default true. */
  cached?: boolean;
}

type Listener = (readings: Readings) => void;

/**
 * A value that lives elsewhere, as devices and plans hold it.
 *
 * It is read over the wire, or, while a monitor runs (staged, subscribed to, or by option), from the monitor's last
 * value. Before its first connection it waits for that; once it was connected and is lost, reading and writing are
 * refused at once.
 */
export class SignalRO<T = unknown> implements Part {
  static readonly pythonModule: string = 'ophyd.signal';
  static readonly pythonName: string = 'EpicsSignalRO';

  readonly name: string;
  readonly parent: unknown;
  readonly kind: Kind;
  readonly source: string;
  readonly #options: SignalOptions;
  readonly #listeners = new Set<Listener>();
  #backend: SignalBackend | undefined;
  #connecting: Promise<void> | undefined;
  #isStaged = false;
  #endMonitor: (() => void) | undefined;
  #latest: Reading<T> | undefined;
  /** As it was described last: a run's events must be of the type that its descriptor tells. */
  #described: DataKey['dtype'] | undefined;

  /** `source`: `ca://BGDEMO:m1`, or a backend that is there already. */
  constructor(source: string | SignalBackend, options: SignalOptions) {
    this.name = options.name;
    this.parent = options.parent ?? null;
    this.kind = options.kind ?? 'hinted';
    this.source = typeof source === 'string' ? source : source.source;
    this.#options = options;
    if (typeof source !== 'string') this.#adopt(source);
  }

  get hints(): Hints {
    return { fields: this.kind === 'hinted' ? [this.name] : [] };
  }

  get isConnected(): boolean {
    return this.#backend?.isConnected === true;
  }

  /** The monitor's last value, while one runs. */
  get latest(): Reading<T> | undefined {
    return this.#latest;
  }

  async connect(context: DeviceContext, timeout: number): Promise<void> {
    const backend = this.#backend ?? this.#adopt(context.backend(this.source));
    this.#connecting = this.#checked(backend, timeout);
    this.#connecting.catch(() => undefined); // whoever uses the signal hears of it, too
    await this.#connecting;
  }

  disconnect(): void {
    this.#stopMonitor();
    this.#backend?.close();
    this.#backend = undefined;
    this.#connecting = undefined;
  }

  async get(): Promise<T> {
    return (await this.#fresh()).value;
  }

  /** The value with its time and alarm, over the wire. */
  async reading(): Promise<Reading<T>> {
    return this.#fresh();
  }

  read(): SyncOrAsync<Readings> {
    const latest = this.#options.cached === false ? undefined : this.#latest;
    if (latest !== undefined) {
      this.#refuseAnotherType();
      return { [this.name]: latest };
    }
    return this.#fresh().then((reading) => ({ [this.name]: reading }));
  }

  describe(): SyncOrAsync<DataKeys> {
    if (this.isConnected) return { [this.name]: this.#dataKey() };
    return this.backend().then(() => ({ [this.name]: this.#dataKey() }));
  }

  readConfiguration(): SyncOrAsync<Readings> {
    return this.read();
  }

  describeConfiguration(): SyncOrAsync<DataKeys> {
    return this.describe();
  }

  stage(): unknown[] {
    this.#isStaged = true;
    this.#monitorIfWanted();
    return [this];
  }

  unstage(): unknown[] {
    this.#isStaged = false;
    this.#monitorIfWanted();
    return [this];
  }

  subscribe(listener: Listener): void {
    this.#listeners.add(listener);
    if (this.#latest !== undefined) listener({ [this.name]: this.#latest });
    this.#monitorIfWanted();
  }

  clearSub(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#monitorIfWanted();
  }

  onDisconnect(listener: (why: string) => void): () => void {
    return this.#backend?.onDisconnect(listener) ?? (() => undefined);
  }

  /** As ophyd shows a signal. */
  toString(): string {
    return `${this.constructor.name}(read_pv='${this.source.replace(/^\w+:\/\//, '')}', name='${this.name}')`;
  }

  /**
   * Connected once at least, and what it is expected to be. One that did not answer in time may come later: then it is
   * used as if nothing had been.
   * @throws Error naming the source
   */
  async backend(): Promise<SignalBackend> {
    const backend = this.#backend;
    if (backend === undefined) {
      throw new Error(`${this.name} (${this.source}) was never connected: it is not part of the environment`);
    }
    if (!backend.isConnected) await this.#connecting;
    this.#check(backend);
    return backend;
  }

  facts(): SignalFacts {
    if (this.#backend === undefined) throw new Error(`${this.name} (${this.source}) was never connected`);
    return this.#backend.facts();
  }

  async #fresh(): Promise<Reading<T>> {
    const backend = await this.backend();
    this.#refuseAnotherType();
    // What type a value has is declared by whoever wrote the device; `expects` checks what can be.
    return (await backend.get()) as Reading<T>;
  }

  #adopt(backend: SignalBackend): SignalBackend {
    this.#backend = backend;
    backend.onDisconnect(() => {
      this.#latest = undefined; // the last value of a lost source is no reading
    });
    this.#monitorIfWanted();
    return backend;
  }

  async #checked(backend: SignalBackend, timeout: number): Promise<void> {
    await backend.connect(timeout);
    this.#check(backend);
  }

  #check(backend: SignalBackend): void {
    const { expects } = this.#options;
    const problem = expects === undefined ? null : unexpected(backend.facts(), expects);
    if (problem !== null) throw new TypeError(`${this.source} ${problem}`);
  }

  /** An IOC may come back with another record of that name. */
  #refuseAnotherType(): void {
    const { dtype } = this.facts();
    if (this.#described === undefined || this.#described === dtype) return;
    throw new TypeError(`${this.source} is of dtype ${dtype} now, and was described as ${this.#described}`);
  }

  #monitorIfWanted(): void {
    const isWanted = this.#isStaged || this.#listeners.size > 0 || this.#options.monitored === true;
    if (!isWanted) this.#stopMonitor();
    else this.#endMonitor ??= this.#backend?.subscribe((reading) => this.#update(reading as Reading<T>));
  }

  #stopMonitor(): void {
    this.#endMonitor?.();
    this.#endMonitor = undefined;
    this.#latest = undefined;
  }

  #update(reading: Reading<T>): void {
    this.#latest = reading;
    for (const listener of this.#listeners) listener({ [this.name]: reading });
  }

  #dataKey(): DataKey {
    const { isWritable: _, ...facts } = this.facts();
    this.#described = facts.dtype;
    return { source: this.source, ...facts };
  }
}
