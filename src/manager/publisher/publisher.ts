import { Publisher as PublisherSocket } from 'zeromq';
import { TOPICS } from '../../protocol/streams/topics.ts';
import { bound } from '../control/bound.ts';
import type { WireEncoding } from '../control/wire-encoding.ts';

type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** Beyond this many unsent frames the oldest go: a burst of console text must not fill memory. */
const MOST_WAITING = 10_000;

/**
 * What the manager tells everyone who listens. One sender, in order; a subscriber that is slow loses frames of its own
 * and holds up nobody.
 */
export class Publisher {
  readonly #address: string;
  readonly #encoding: WireEncoding;
  readonly #socket = new PublisherSocket({ linger: 200, sendHighWaterMark: 10_000 });
  #waiting: [Topic, string][] = [];
  #isSending = false;
  #isClosed = false;
  #idle = Promise.withResolvers<void>();

  constructor(address: string, encoding: WireEncoding) {
    this.#address = address;
    this.#encoding = encoding;
  }

  /** @throws Error when the address is held or is none */
  async bind(): Promise<void> {
    await bound(this.#socket, this.#address);
  }

  get address(): string {
    return this.#socket.lastEndpoint ?? this.#address;
  }

  status(text: string): void {
    this.#publish(TOPICS.info, `{"time":${Date.now() / 1000},"msg":{"status":${text}}}`);
  }

  console(msg: string, time = Date.now() / 1000): void {
    this.#publish(TOPICS.console, JSON.stringify({ time, msg }));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#isSending) await this.#idle.promise;
    this.#isClosed = true;
    this.#socket.close();
  }

  #publish(topic: Topic, text: string): void {
    if (this.#isClosed) return;
    if (this.#waiting.push([topic, text]) > MOST_WAITING) this.#waiting.shift();
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const [topic, text] of batch) {
        try {
          await this.#socket.send([topic, this.#encoding.bytesOf(text)]);
        } catch {
          // Only a socket that closes refuses a frame; a PUB socket itself never waits.
        }
      }
    }
    this.#isSending = false;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }
}
