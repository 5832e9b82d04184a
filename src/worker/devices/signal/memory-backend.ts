import type { Reading } from '../protocols.ts';
import type { SignalBackend, SignalFacts } from './backend.ts';

/**
 * A value in this process: `soft://` for what a beamline keeps beside its hardware, `sim://` for what stands in for it.
 * It is always connected.
 */
export class MemoryBackend implements SignalBackend {
  readonly source: string;
  readonly isConnected = true;
  readonly #facts: SignalFacts;
  readonly #listeners = new Set<(reading: Reading) => void>();
  #reading: Reading;

  constructor(source: `${'soft' | 'sim'}://${string}`, value: unknown, facts: SignalFacts) {
    this.source = source;
    this.#facts = facts;
    this.#reading = readingOf(value);
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  facts(): SignalFacts {
    return this.#facts;
  }

  get(): Promise<Reading> {
    return Promise.resolve(this.#reading);
  }

  put(value: unknown): Promise<void> {
    const refusal = this.#refusalOf(value);
    if (refusal !== null) return Promise.reject(new TypeError(`${this.source}: ${refusal}`));
    this.#reading = readingOf(value);
    for (const listener of this.#listeners) listener(this.#reading);
    return Promise.resolve();
  }

  subscribe(listener: (reading: Reading) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#reading);
    return () => void this.#listeners.delete(listener);
  }

  /** It never is. */
  onDisconnect(): () => void {
    return () => undefined;
  }

  close(): void {
    this.#listeners.clear();
  }

  #refusalOf(value: unknown): string | null {
    const { isWritable, choices, dtype } = this.#facts;
    if (!isWritable) return 'no write access';
    if (choices !== undefined && !choices.includes(String(value))) {
      return `'${String(value)}' is none of the states ${choices.join(', ')}`;
    }
    const isNumeric = dtype === 'number' || dtype === 'integer';
    return isNumeric && typeof value !== 'number' ? `must be a number, received ${JSON.stringify(value)}` : null;
  }
}

const readingOf = (value: unknown): Reading => ({ value, timestamp: Date.now() / 1000, alarm_severity: 0 });
