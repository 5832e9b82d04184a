import { EventEmitter } from 'node:events';
import type { CaReading } from '../codec/dbr.ts';
import { DBR, type NativeType } from '../codec/dbr-types.ts';
import { CaDisconnectedError, reportUncaught } from '../errors.ts';
import type { PutValue } from '../put-value.ts';
import type { CaChannelEvents, ChannelObserver } from './channel-events.ts';
import { ConnectionWait } from './connection-wait.ts';
import { get, type GetOptions } from './get.ts';
import { put, type PutOptions } from './put.ts';
import type { ChannelState, SharedChannel } from './shared-channel.ts';
import { CaSubscription, type SubscribeOptions } from './subscription.ts';

/**
 * One user's handle of a PV. It lasts until `close()`, through any number of disconnections, with its subscriptions.
 * Handles of one name in one context share the channel on the wire, and nothing else.
 *
 * Every failure is a rejection: `CaTimeoutError`, `CaDisconnectedError`, or `CaError` with the server's code or the reason
 * why a value was not sent.
 */
export class CaChannel extends EventEmitter<CaChannelEvents> {
  readonly #channel: SharedChannel;
  readonly #observer: ChannelObserver;
  readonly #subscriptions = new Set<CaSubscription>();
  readonly #waiting = new ConnectionWait();
  #isClosed = false;

  /** @internal Made by `CaContext.channel()`. */
  constructor(channel: SharedChannel) {
    super();
    this.setMaxListeners(0); // as many as there are users of a device
    this.#channel = channel;
    this.#observer = (event, ...args) => {
      if (event === 'closed') return this.close();
      if (event === 'connect') this.#waiting.connected();
      this.#tell(event, args);
    };
    channel.join(this.#observer);
  }

  get name(): string {
    return this.#channel.name;
  }

  get state(): ChannelState {
    return this.#isClosed ? 'closed' : this.#channel.state;
  }

  get isConnected(): boolean {
    return this.state === 'connected';
  }

  /** One of DBR, as last told by the server; DOUBLE before the first connection. */
  get nativeType(): NativeType {
    return this.#channel.server?.nativeType ?? DBR.DOUBLE;
  }

  /** The most elements that it can hold. */
  get nativeCount(): number {
    return this.#channel.server?.nativeCount ?? 1;
  }

  /** Bits of ACCESS: 1 read, 2 write; 0 while disconnected. */
  get access(): number {
    return this.#isClosed ? 0 : this.#channel.access;
  }

  /** `10.0.0.5:5064` of the server, while there is one. */
  get host(): string | undefined {
    return this.#isClosed ? undefined : this.#channel.circuit?.server;
  }

  /** The time (seconds) limits this wait only: the search goes on, and later losses are mended whatever it was. */
  async waitForConnection(timeoutS = Infinity, signal?: AbortSignal): Promise<this> {
    this.#assertOpen('connect');
    if (!this.isConnected) await this.#waiting.wait(() => `${this.name} (${this.state})`, timeoutS, signal);
    return this;
  }

  async get(options: GetOptions = {}): Promise<CaReading> {
    this.#assertOpen('get');
    return get(this.#channel, this.#observer, options);
  }

  async put(value: PutValue, options: PutOptions = {}): Promise<void> {
    this.#assertOpen('put');
    return put(this.#channel, this.#observer, value, options);
  }

  /** May be called in any state; the first event comes as soon as there is a connection. */
  subscribe(onReading: (reading: CaReading) => void, options: SubscribeOptions = {}): CaSubscription {
    this.#assertOpen('subscribe');
    const onCancel = (subscription: CaSubscription): void => void this.#subscriptions.delete(subscription);
    const subscription = new CaSubscription({ channel: this.#channel, onReading, onCancel, options });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Ends this handle, its subscriptions and its requests, and no other's. Twice is once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) subscription.cancel();
    this.#waiting.closed(this.name);
    this.#channel.leave(this.#observer);
    this.removeAllListeners();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #assertOpen(what: string): void {
    if (this.#isClosed) throw new CaDisconnectedError(`${what} ${this.name}: the channel was closed`);
  }

  /** Unlike `emit()`, a listener that throws costs the others nothing. */
  #tell(event: keyof CaChannelEvents, args: readonly unknown[]): void {
    for (const listener of this.rawListeners(event)) {
      try {
        Reflect.apply(listener, this, args);
      } catch (error) {
        reportUncaught(error);
      }
    }
  }
}
