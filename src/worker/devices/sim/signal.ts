import type { DataKey, DataKeys, Dtype, Hints, Readings } from '../protocols.ts';
import { DeviceStatus } from '../status.ts';
import type { Kind, Part, Place } from './part.ts';
import { now, Subscriptions } from './subscriptions.ts';

export interface SignalOptions<T> extends Place {
  value: T;
  dtype?: Dtype;
  shape?: number[];
}

/** One value that is kept here and nowhere else. */
export class Signal<T = number> implements Part {
  static readonly pythonModule: string = 'ophyd.signal';

  readonly name: string;
  readonly parent: unknown;
  readonly kind: Kind;
  readonly #dtype: Dtype;
  readonly #shape: number[];
  readonly #subscriptions = new Subscriptions(() => this.read());
  #value: T;
  #timestamp = now();

  constructor({ name, value, parent = null, kind = 'hinted', dtype = 'number', shape = [] }: SignalOptions<T>) {
    this.name = name;
    this.parent = parent;
    this.kind = kind;
    this.#value = value;
    this.#dtype = dtype;
    this.#shape = shape;
  }

  get hints(): Hints {
    return { fields: this.kind === 'hinted' ? [this.name] : [] };
  }

  get(): T {
    return this.#value;
  }

  put(value: T): void {
    this.#value = value;
    this.#timestamp = now();
    this.#subscriptions.tell();
  }

  set(value: T): DeviceStatus {
    this.put(value);
    return DeviceStatus.finished();
  }

  trigger(): DeviceStatus {
    return DeviceStatus.finished();
  }

  read(): Readings {
    return { [this.name]: { value: this.get(), timestamp: this.timestamp() } };
  }

  describe(): DataKeys {
    return { [this.name]: this.dataKey() };
  }

  /** A signal is its own configuration. */
  readConfiguration(): Readings {
    return this.read();
  }

  describeConfiguration(): DataKeys {
    return this.describe();
  }

  subscribe(callback: (readings: Readings) => void): void {
    this.#subscriptions.add(callback);
  }

  clearSub(callback: (readings: Readings) => void): void {
    this.#subscriptions.remove(callback);
  }

  protected dataKey(): DataKey {
    return { source: `SIM:${this.name}`, dtype: this.#dtype, shape: this.#shape };
  }

  protected timestamp(): number {
    return this.#timestamp;
  }

  /** For signals whose value changes elsewhere. */
  tellSubscribers(): void {
    this.#subscriptions.tell();
  }
}

/** One of a few words; takes its number, too. */
export class EnumSignal<W extends string> extends Signal<W> {
  static override readonly pythonModule = 'ophyd.sim';
  readonly #words: readonly W[];

  constructor({ words, ...options }: Place & { value: W; words: readonly W[] }) {
    // ophyd describes the number and reads the word; consumers go by that
    super({ ...options, dtype: 'integer' });
    this.#words = words;
  }

  override put(value: W | number): void {
    const word = typeof value === 'number' ? this.#words[value] : value;
    if (word === undefined || !this.#words.includes(word)) {
      throw new RangeError(`${value} not in enum strs ${this.#words.join(', ')}`);
    }
    super.put(word);
  }

  protected override dataKey(): DataKey {
    return { ...super.dataKey(), enum_strs: [...this.#words] };
  }
}
