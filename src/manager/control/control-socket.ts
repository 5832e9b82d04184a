import { Router } from 'zeromq';
import { bound } from './bound.ts';
import { refusal } from './reply.ts';
import { NotARequest } from './request-text.ts';
import type { WireEncoding } from '../../protocol/wire-encoding.ts';

export interface ControlSocketParts {
  readonly address: string;
  readonly encoding: WireEncoding;
  /** With it clients must encrypt, for the public key that belongs to it; null: they must not. */
  readonly privateKey: string | null;
  /** A client did not come as far as asking, with the code of libzmq. */
  readonly onRefused: (code: string) => void;
  /** From the text of a request to that of its reply. It never throws. */
  readonly reply: (text: string) => string | Promise<string>;
  readonly onError: (error: unknown) => void;
  /** A gateway sends the id of its own request along: what `act` does is done for that. Gives what `act` gives. */
  readonly tracedBy: <T>(trace: string, act: () => T) => T;
}

interface Outgoing {
  readonly envelope: readonly Buffer[];
  readonly payload: string | Buffer;
}

/** No request of ours comes near; a batch of ten thousand plans is some megabytes. */
const LONGEST_REQUEST_BYTES = 64 * 1024 * 1024;
const MOST_HOPS = 16;

/**
 * The socket that clients ask on: a ROUTER that serves plain REQ clients, and any number of requests at once. Replies
 * have one sender, which never holds up the receiver; a client that is gone or does not read loses its own replies only.
 */
export class ControlSocket {
  readonly #parts: ControlSocketParts;
  readonly #socket: Router;
  #outgoing: Outgoing[] = [];
  #isSending = false;
  #isClosed = false;
  #idle = Promise.withResolvers<void>();

  constructor(parts: ControlSocketParts) {
    this.#parts = parts;
    this.#socket = new Router({
      linger: 500,
      sendTimeout: 1000,
      maxMessageSize: LONGEST_REQUEST_BYTES,
      // A thousand replies wait for a client that is slow; of one that never reads, the rest is dropped.
      sendHighWaterMark: 1000,
      ...(parts.privateKey === null ? {} : { curveServer: true, curveSecretKey: parts.privateKey }),
    });
    this.#socket.events.on('handshake:error:protocol', ({ error }) => parts.onRefused(error.code));
  }

  /** @throws Error when the address is held or is none */
  async bind(): Promise<void> {
    await bound(this.#socket, this.#parts.address);
  }

  /** The address with the port that was given, where any was asked for. */
  get address(): string {
    return this.#socket.lastEndpoint ?? this.#parts.address;
  }

  serve(): void {
    this.#receive().catch((error: unknown) => {
      if (!this.#isClosed) this.#parts.onError(error);
    });
  }

  /** What was replied so far still goes out. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#isSending) await this.#idle.promise;
    this.#isClosed = true;
    this.#socket.close();
  }

  async #receive(): Promise<void> {
    for await (const frames of this.#socket) this.#take(frames);
  }

  /** A REQ client sends an empty frame before its request; whatever stands before that goes back as it came. */
  #take(frames: Buffer[]): void {
    const delimiter = frames.findIndex((frame, index) => index > 0 && frame.length === 0);
    if (delimiter === -1 || delimiter > MOST_HOPS || frames.length !== delimiter + 2) return;
    const envelope = frames.slice(0, delimiter + 1);
    const act = () => this.#replyTo(frames[delimiter + 1] as Buffer);
    const trace = delimiter > 1 ? (frames[delimiter - 1] as Buffer).toString('latin1') : undefined;
    const reply = trace === undefined ? act() : this.#parts.tracedBy(trace, act);
    if (typeof reply === 'string') this.#send(envelope, reply);
    else reply.then((text) => this.#send(envelope, text)).catch(this.#parts.onError);
  }

  #replyTo(bytes: Buffer): string | Promise<string> {
    try {
      return this.#parts.reply(this.#parts.encoding.textOf(bytes));
    } catch (error) {
      if (!(error instanceof NotARequest)) throw error;
      return refusal(error.message);
    }
  }

  #send(envelope: readonly Buffer[], text: string): void {
    if (this.#isClosed) return;
    this.#outgoing.push({ envelope, payload: this.#parts.encoding.bytesOf(text) });
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#outgoing.length > 0) {
      const batch = this.#outgoing;
      this.#outgoing = [];
      for (const { envelope, payload } of batch) {
        try {
          await this.#socket.send([...envelope, payload]);
        } catch {
          // The client is gone, or did not read for a second; it is told nothing, the others are served.
        }
      }
    }
    this.#isSending = false;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }
}
