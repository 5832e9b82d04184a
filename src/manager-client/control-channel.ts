import { Dealer } from 'zeromq';
import { StateMachine } from '../lib/define-states.ts';
import type { StateChange } from '../lib/define-states.ts';
import { coded } from '../protocol/error-codes.ts';
import type { WireEncoding } from '../protocol/wire-encoding.ts';
import { encryption, mismatch, unreadable } from './encryption.ts';
import { linkStates } from './link-states.ts';
import type { LinkState } from './link-states.ts';

/** One request as it goes out. `trace` is for people who compare logs; any text without spaces. */
export interface ControlRequest {
  readonly method: string;
  readonly payload: string;
  readonly timeoutMs: number;
  readonly trace: string;
}

interface Waiting {
  readonly request: ControlRequest;
  readonly resolve: (reply: string) => void;
  readonly reject: (reason: Error) => void;
  readonly timer: NodeJS.Timeout;
  isSent: boolean;
}

export interface ControlChannelOptions {
  readonly address: string;
  /** How long requests wait for a connection, at the start and when one has dropped; half a second if absent. */
  readonly patienceMs?: number;
  readonly encoding: WireEncoding;
  /** The public key of a manager that encrypts; null: it does not. */
  readonly publicKey: string | null;
  /** No request gets through, for this reason; told once until one does, or the reason is another. */
  readonly onRefused: (reason: string) => void;
  /** A reply to a request that nobody waits for any more. */
  readonly onLateReply: (method: string) => void;
  readonly onState: (change: StateChange<LinkState>) => void;
}

const EMPTY = Buffer.alloc(0);
/** A manager that is restarted is back within this. */
const RECONNECT_GRACE_MS = 500;
/** At most between two attempts to connect: what publishes again may be asked again this soon. */
const LONGEST_RECONNECT_MS = 400;
/** Replies that a dying manager has sent are read before its death is told: the two arrive on different sockets. */
const LAST_REPLIES_MS = 50;
/** Handshakes in a row that the manager broke off: by then it is no manager that ends. */
const HANG_UPS = 4;
const MOST_WAITING = 1000;
const MOST_TOMBSTONES = 1000;

/**
 * Requests and replies over one DEALER socket. Each request carries a frame of its own before the empty delimiter, which a
 * REP or ROUTER peer returns as it is: so many requests may be under way at once, a late reply never answers another
 * request, and the frame is the trace by which the logs of both ends are compared.
 *
 * A request that has timed out leaves a tombstone, by which its late reply is known. One that never left is not sent
 * later: what its caller has given up does not happen behind his back. The death of the manager answers all that it had.
 */
export class ControlChannel {
  readonly #socket: Dealer;
  readonly #options: ControlChannelOptions;
  readonly #state: StateMachine<LinkState>;
  readonly #waiting = new Map<string, Waiting>();
  readonly #tombstones = new Map<string, string>();
  readonly #outgoing: string[] = [];
  #patience: NodeJS.Timeout | undefined;
  #lastReplies: NodeJS.Timeout | undefined;
  #retrial: NodeJS.Timeout | undefined;
  #told = '';
  #hangUps = 0;
  #isSending = false;
  #count = 0;

  constructor(options: ControlChannelOptions) {
    this.#options = options;
    this.#state = new StateMachine<LinkState>(linkStates, 'connecting', (change) => options.onState(change));
    // `immediate`: nothing is queued for a manager that is not there, to be carried out when it comes back.
    this.#socket = new Dealer({
      immediate: true,
      linger: 0,
      sendTimeout: 1000,
      reconnectInterval: 50,
      reconnectMaxInterval: LONGEST_RECONNECT_MS,
      heartbeatInterval: 2000,
      heartbeatTimeout: 5000,
      ...encryption(options.publicKey),
    });
  }

  get #patienceMs(): number {
    return this.#options.patienceMs ?? RECONNECT_GRACE_MS;
  }

  get state(): LinkState {
    return this.#state.state;
  }

  start(): void {
    this.#socket.events.on('handshake', () => this.#connected());
    this.#socket.events.on('disconnect', () => this.#lost());
    this.#socket.events.on('handshake:error:protocol', ({ error }) => this.#mismatched(error.code));
    this.#socket.events.on('handshake:error:other', () => this.#hungUp());
    this.#socket.connect(this.#options.address);
    this.#waitFor(this.#patienceMs);
    void this.#receive();
  }

  /** @throws MANAGER_SILENT when no reply comes in time, or the manager is away, or dies before it replies */
  request(request: ControlRequest): Promise<string> {
    if (this.#state.is('away', 'closed') || this.#waiting.size >= MOST_WAITING) return Promise.reject(silent(request));
    const id = `${++this.#count}:${request.trace}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#timedOut(id), request.timeoutMs);
      this.#waiting.set(id, { request, resolve, reject, timer, isSent: false });
      this.#outgoing.push(id);
      void this.#sendAll();
    });
  }

  close(): void {
    if (this.#state.is('closed')) return;
    this.#state.change({ to: 'closed', why: 'the client closes' });
    clearTimeout(this.#patience);
    clearTimeout(this.#lastReplies);
    clearTimeout(this.#retrial);
    this.#socket.close();
    this.#refuse(() => true);
  }

  /** The manager was heard on its other socket: it lives, and requests may wait for it again. */
  heard(): void {
    if (this.#state.is('away')) this.#state.change({ from: 'away', to: 'connecting', why: 'it publishes again' });
    // What it publishes may come first, whether or not it had been given up: both are time enough to connect.
    if (this.#state.is('connecting')) this.#waitFor(2 * this.#patienceMs);
  }

  /** The one sender of the socket: a second `send` under way would throw. */
  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#outgoing.length > 0 && this.#state.is('connected')) {
      const id = this.#outgoing.shift() as string;
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) continue;
      waiting.isSent = true;
      try {
        await this.#socket.send([id, EMPTY, this.#options.encoding.bytesOf(waiting.request.payload)]);
      } catch {
        // No room or no connection: the caller learns it as silence, the state machine from its events.
        this.#refuse((_, other) => other === id);
      }
    }
    this.#isSending = false;
  }

  async #receive(): Promise<void> {
    try {
      for await (const [id, delimiter, reply] of this.#socket) {
        if (id === undefined || reply === undefined || delimiter?.length !== 0) continue;
        this.#replied(id.toString('latin1'), reply);
      }
    } catch (error) {
      if (!this.#state.is('closed')) throw error;
    }
  }

  #replied(id: string, reply: Buffer): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      const method = this.#tombstones.get(id);
      this.#tombstones.delete(id);
      if (method !== undefined) this.#options.onLateReply(method);
      return;
    }
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    try {
      waiting.resolve(this.#options.encoding.textOf(reply));
    } catch (cause) {
      this.#refused('its replies are not in the encoding that this client speaks (QSERVER_ZMQ_ENCODING)');
      waiting.reject(coded('MANAGER_SILENT', {}, { cause }));
    }
  }

  #timedOut(id: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting?.isSent === true) {
      this.#tombstones.set(id, waiting.request.method);
      if (this.#tombstones.size > MOST_TOMBSTONES) {
        this.#tombstones.delete(this.#tombstones.keys().next().value as string);
      }
    }
    this.#refuse((_, other) => other === id);
  }

  #connected(): void {
    this.#told = '';
    this.#hangUps = 0;
    if (this.#state.is('connecting', 'away')) this.#state.change({ to: 'connected', why: 'handshake done' });
    void this.#sendAll();
  }

  /** libzmq does not come back to a peer that encrypts otherwise; but the manager may be started anew, with the right key. */
  #mismatched(code: string): void {
    this.#hangUps = 0;
    this.#refused(mismatch(code, this.#options));
    clearTimeout(this.#retrial);
    this.#retrial = setTimeout(() => {
      this.#socket.disconnect(this.#options.address);
      this.#socket.connect(this.#options.address);
    }, LONGEST_RECONNECT_MS);
  }

  /** Once says nothing: so does a manager that ends just then. */
  #hungUp(): void {
    if (this.#options.publicKey !== null && ++this.#hangUps >= HANG_UPS) this.#refused(unreadable(this.#options));
  }

  #refused(reason: string): void {
    if (reason === this.#told) return;
    this.#told = reason;
    this.#options.onRefused(reason);
  }

  #lost(): void {
    if (!this.#state.is('connected')) return;
    this.#state.change({ from: 'connected', to: 'connecting', why: 'the connection dropped' });
    const had = new Set([...this.#waiting].filter(([, { isSent }]) => isSent).map(([id]) => id));
    clearTimeout(this.#lastReplies);
    this.#lastReplies = setTimeout(() => this.#refuse((_, id) => had.has(id)), LAST_REPLIES_MS);
    this.#waitFor(this.#patienceMs);
  }

  #giveUp(): void {
    if (!this.#state.is('connecting')) return;
    this.#state.change({ from: 'connecting', to: 'away', why: 'no connection in time' });
    this.#outgoing.length = 0;
    this.#refuse(({ isSent }) => !isSent);
  }

  #refuse(which: (waiting: Waiting, id: string) => boolean): void {
    for (const [id, waiting] of this.#waiting) {
      if (!which(waiting, id)) continue;
      this.#waiting.delete(id);
      clearTimeout(waiting.timer);
      waiting.reject(silent(waiting.request));
    }
  }

  /** Each reason to wait begins the waiting anew. */
  #waitFor(ms: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#giveUp(), ms);
  }
}

const silent = ({ method, timeoutMs }: ControlRequest): Error =>
  coded('MANAGER_SILENT', {}, { cause: new Error(`no reply to '${method}' within ${timeoutMs / 1000} s`) });
