import { Publisher as PublisherSocket } from 'zeromq';
import { Sender } from '../../lib/sender.ts';
import { TOPICS } from '../../protocol/streams/topics.ts';
import { bound } from '../control/bound.ts';
import type { WireEncoding } from '../../protocol/wire-encoding.ts';

type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** Beyond this many unsent frames the oldest go: a burst of console text must not fill memory. */
const MOST_WAITING = 10_000;

export interface PublisherOptions {
  readonly address: string;
  readonly encoding: WireEncoding;
  /** Where nothing is to be published the address stays free, as the original leaves it. */
  readonly isOn: boolean;
}

/**
 * What the manager tells everyone who listens. One sender, in order; a subscriber that is slow loses frames of its own
 * and holds up nobody.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #socket = new PublisherSocket({ linger: 200, sendHighWaterMark: 10_000 });
  /** Only a socket that closes refuses a frame; a PUB socket itself never waits. */
  readonly #sender = new Sender<[Topic, string]>(([topic, text]) => this.#send(topic, text), MOST_WAITING);
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** @throws Error when the address is held or is none */
  async bind(): Promise<void> {
    if (this.#options.isOn) await bound(this.#socket, this.#options.address);
  }

  get address(): string {
    return this.#socket.lastEndpoint ?? this.#options.address;
  }

  status(text: string): void {
    this.#publish(TOPICS.info, `{"time":${Date.now() / 1000},"msg":{"status":${text}}}`);
  }

  console(msg: string, time = Date.now() / 1000): void {
    this.#publish(TOPICS.console, JSON.stringify({ time, msg }));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#sender.sent();
    this.#isClosed = true;
    this.#socket.close();
  }

  #publish(topic: Topic, text: string): void {
    if (!this.#isClosed) this.#sender.offer([topic, text]);
  }

  async #send(topic: Topic, text: string): Promise<void> {
    await this.#socket.send([topic, this.#options.encoding.bytesOf(text)]);
  }
}
