import {
  ACCESS,
  type CaChannel,
  type CaContext,
  type CaReading,
  CaTimeoutError,
  type PutValue,
} from '../../../epics/index.ts';
import { NotConnectedError } from '../not-connected.ts';
import type { Reading } from '../protocols.ts';
import type { BackendPutOptions, SignalBackend, SignalFacts } from '../signal/backend.ts';
import { isLongString, signalFacts } from './ca-facts.ts';

/** Reading the facts of a channel that is connected takes one round trip; an IOC that takes longer is in trouble. */
const FACTS_WITHIN_S = 5;

/** One PV over Channel Access. An enum's states are read at each connection, because a restart may rename them. */
export class CaBackend implements SignalBackend {
  readonly source: string;
  readonly #channel: CaChannel;
  #facts: SignalFacts | undefined;
  #learning: Promise<void> | undefined;

  constructor(context: CaContext, pv: string) {
    this.source = `ca://${pv}`;
    this.#channel = context.channel(pv);
    // Nobody waits for this one: whoever uses the signal is told what became of the connection.
    this.#channel.on('connect', () => void this.#learn().catch(() => undefined));
  }

  get isConnected(): boolean {
    return this.#channel.isConnected && this.#facts !== undefined;
  }

  async connect(timeout: number): Promise<void> {
    if (this.isConnected) return;
    try {
      await this.#channel.waitForConnection(timeout);
    } catch (error) {
      throw error instanceof CaTimeoutError ? new NotConnectedError([this.source], timeout, { cause: error }) : error;
    }
    await (this.#learning ?? this.#learn());
  }

  facts(): SignalFacts {
    if (this.#facts === undefined) throw new Error(`${this.source} was never connected`);
    return this.#facts;
  }

  async get(): Promise<Reading> {
    return this.#reading(await this.#channel.get());
  }

  async put(value: unknown, { wait, timeout }: BackendPutOptions): Promise<void> {
    // What it can be is the codec's to say: it refuses by a sentence before anything is sent.
    await this.#channel.put(value as PutValue, { wait, ...(timeout === undefined ? {} : { timeout }) });
  }

  subscribe(listener: (reading: Reading) => void): () => void {
    const subscription = this.#channel.subscribe((reading) => {
      // An enum's first event may come before its states are known.
      if (this.#facts !== undefined) return listener(this.#reading(reading));
      void (this.#learning ?? this.#learn()).then(() => listener(this.#reading(reading))).catch(() => undefined);
    });
    return () => subscription.cancel();
  }

  onDisconnect(listener: (why: string) => void): () => void {
    this.#channel.on('disconnect', listener);
    return () => void this.#channel.off('disconnect', listener);
  }

  close(): void {
    this.#channel.close();
  }

  #learn(): Promise<void> {
    this.#learning = this.#readFacts().finally(() => (this.#learning = undefined));
    return this.#learning;
  }

  async #readFacts(): Promise<void> {
    const reading = await this.#channel.get({ form: 'ctrl', timeout: FACTS_WITHIN_S });
    const { name, nativeType, nativeCount, access } = this.#channel;
    this.#facts = signalFacts(reading, { name, nativeType, nativeCount, isWritable: (access & ACCESS.WRITE) !== 0 });
  }

  #reading({ value, timestamp, severity }: CaReading): Reading {
    return {
      value: this.#inWords(value),
      timestamp: timestamp ?? Date.now() / 1000,
      alarm_severity: severity ?? 0,
    };
  }

  /** States of an enum and long strings as text; an index that has no state stays a number. */
  #inWords(value: CaReading['value']): unknown {
    const choices = this.#facts?.choices;
    if (choices !== undefined && typeof value === 'number') return choices[value] ?? value;
    if (!isLongString(this.#channel) || !(value instanceof Uint8Array)) return value;
    const end = value.indexOf(0);
    return Buffer.from(value.subarray(0, end === -1 ? value.length : end)).toString('utf8');
  }
}
