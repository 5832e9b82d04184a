import { Subscriber } from 'zeromq';
import { parsePlain } from '../lib/raw-json.ts';
import type { WireEncoding } from '../protocol/wire-encoding.ts';
import { TOPICS } from '../protocol/streams/topics.ts';
import type { StreamFrame } from '../protocol/streams/topics.ts';

/** A frame with the text that it came as: receivers pass the text on, and read the rest. */
export interface PublishedFrame extends StreamFrame {
  readonly text: string;
}

/**
 * What the manager publishes: console lines, and its status whenever it changes and at least once a second. One
 * subscription serves however many clients. Frames that are not `{time, msg}` are dropped. Nothing of it is encrypted: the
 * original's keys are for the control socket alone.
 */
export class InfoSubscription {
  readonly #address: string;
  readonly #encoding: WireEncoding;
  readonly #onFrame: (topic: 'console' | 'info', frame: PublishedFrame) => void;
  readonly #socket = new Subscriber({
    linger: 0,
    reconnectInterval: 50,
    reconnectMaxInterval: 1000,
    heartbeatInterval: 2000,
    heartbeatTimeout: 5000,
  });

  constructor(
    address: string,
    encoding: WireEncoding,
    onFrame: (topic: 'console' | 'info', frame: PublishedFrame) => void,
  ) {
    this.#address = address;
    this.#encoding = encoding;
    this.#onFrame = onFrame;
  }

  start(): void {
    this.#socket.connect(this.#address);
    this.#socket.subscribe(TOPICS.console, TOPICS.info);
    void this.#receive();
  }

  close(): void {
    this.#socket.close();
  }

  async #receive(): Promise<void> {
    try {
      for await (const [topic, payload] of this.#socket) {
        const frame = payload && this.#published(payload);
        if (frame) this.#onFrame(topic?.toString('latin1') === TOPICS.console ? 'console' : 'info', frame);
      }
    } catch (error) {
      if (!this.#socket.closed) throw error;
    }
  }

  #published(payload: Buffer): PublishedFrame | undefined {
    try {
      const text = this.#encoding.textOf(payload);
      const frame = parsePlain(text);
      if (typeof frame !== 'object' || frame === null || !('time' in frame) || !('msg' in frame)) return undefined;
      return typeof frame.time === 'number' ? { time: frame.time, msg: frame.msg, text } : undefined;
    } catch {
      // Whoever publishes on this address in another encoding is no manager that could be asked.
      return undefined;
    }
  }
}
