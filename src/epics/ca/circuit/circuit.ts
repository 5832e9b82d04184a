import { Socket } from 'node:net';
import { defineStates, StateMachine } from '../../../lib/define-states.ts';
import * as messages from '../client-messages.ts';
import { COMMAND } from '../codec/commands.ts';
import type { CaMessage } from '../codec/message.ts';
import { MessageParser } from '../codec/parser.ts';
import { ECA } from '../codec/status-codes.ts';
import { CaDisconnectedError, CaError } from '../errors.ts';
import { Ids } from '../ids.ts';
import type { Address } from '../search/addresses.ts';
import type { CaSettings } from '../settings.ts';
import type { CircuitChannel, CircuitMonitor } from './circuit-channel.ts';
import { Incoming } from './incoming.ts';
import { Liveness } from './liveness.ts';
import { Outbox } from './outbox.ts';
import { PendingRequests, type RequestTerms } from './pending-requests.ts';

/**
 * One TCP connection to one server, for all channels there.
 *
 * It is `opening` until the server accepts; what is sent meanwhile waits. Then it is `responsive`, and `unresponsive`
 * while an echo is overdue (liveness.ts), which loses nothing. `closed` is for ever: whoever still has channels on it gets
 * them back as lost, every request under way is rejected, and a later search makes a new circuit.
 */
const circuitStates = defineStates(
  { opening: ['responsive'], responsive: ['unresponsive'], unresponsive: ['responsive'], closed: [] },
  { fromAnywhere: ['closed'] },
);
type CircuitState = 'opening' | 'responsive' | 'unresponsive' | 'closed';

interface CircuitParts {
  readonly address: Address;
  readonly settings: CaSettings;
  /** A name server's circuit stays open without channels. */
  readonly staysOpen: boolean;
  readonly onSearchReply: (message: CaMessage, from: Address) => void;
  readonly onReady: (circuit: Circuit) => void;
  readonly onClosed: (circuit: Circuit) => void;
}

/** A server that accepts nothing may be about to restart, or be behind a firewall: it is left alone for a while. */
const UNUSABLE_RETRY_MS = 1000;
/** How long the last words of a circuit may take to leave. */
const LAST_WORDS_MS = 1000;
/** Beyond an array of the largest size this much may wait for a server that reads slowly. */
const EXTRA_WAITING_BYTES = 64 * 1024 * 1024;

export class Circuit {
  readonly address: Address;
  /** `10.0.0.5:5064` */
  readonly server: string;
  readonly channels = new Map<number, CircuitChannel>();
  readonly #monitors = new Map<number, CircuitMonitor>();
  readonly #pending: PendingRequests;
  readonly #monitorIds: Ids;
  readonly #parts: CircuitParts;
  readonly #state: StateMachine<CircuitState>;
  readonly #socket = new Socket();
  readonly #outbox: Outbox;
  readonly #parser: MessageParser;
  readonly #incoming: Incoming;
  readonly #liveness: Liveness;
  #minorVersion = 0;
  #hasServed = false;

  constructor(parts: CircuitParts) {
    const { settings } = parts;
    this.#parts = parts;
    this.address = parts.address;
    this.server = `${parts.address.host}:${parts.address.port}`;
    this.#pending = new PendingRequests(new Ids(settings.firstId));
    this.#monitorIds = new Ids(settings.firstId);
    this.#state = new StateMachine<CircuitState>(circuitStates, 'opening');
    this.#outbox = new Outbox(this.#socket);
    this.#parser = new MessageParser(settings.maxArrayBytes);
    this.#incoming = new Incoming({
      channels: this.channels,
      monitors: this.#monitors,
      pending: this.#pending,
      onVersion: (minor) => this.#greeted(minor),
      onSearchReply: (message) => parts.onSearchReply(message, parts.address),
      onTrouble: (problem) => settings.onLog('warn', `${this.server}: ${problem}`),
    });
    this.#liveness = new Liveness({
      timeoutMs: settings.connTimeout * 1000,
      askForEcho: () => this.send([messages.echo()]),
      becameUnresponsive: () => this.#responsiveChanged(false),
      becameResponsive: () => this.#responsiveChanged(true),
      gaveUp: (silentMs) => this.close(`no answer for ${(silentMs / 1000).toFixed(1)} s`),
    });
  }

  open(): void {
    const { settings } = this.#parts;
    this.#socket.setNoDelay(true);
    this.#socket.setKeepAlive(true, 15_000);
    this.#socket.setTimeout(settings.connTimeout * 1000, () => this.close('no connection in time'));
    this.#socket.once('connect', () => this.#connected());
    this.#socket.on('data', (chunk) => this.#received(chunk));
    this.#socket.on('error', (error) => this.close(error.message));
    this.#socket.on('close', () => this.close('the server closed the circuit'));
    this.#socket.connect(this.address.port, this.address.host);
    this.send(messages.greeting(settings.userName, settings.hostName));
  }

  /** 13 and up take 0 as "as many elements as there are". */
  get minorVersion(): number {
    return this.#minorVersion;
  }

  get isResponsive(): boolean {
    return this.#state.is('responsive');
  }

  /** Asks the server for the channel; the answer comes to `created()` or `lost()`. */
  attach(channel: CircuitChannel): void {
    this.channels.set(channel.cid, channel);
    this.send(messages.createChannel(channel.cid, channel.name));
  }

  /** Gives the channel up. `sid` is null when the server had not answered yet. */
  detach(channel: CircuitChannel, sid: number | null): void {
    this.channels.delete(channel.cid);
    this.failAllOf(channel, 'the channel was closed');
    if (sid !== null) this.send([messages.clearChannel(sid, channel.cid)]);
    this.#closeWhenIdle();
  }

  send(pieces: readonly Buffer[]): void {
    if (!this.#state.is('closed')) this.#outbox.put(pieces);
  }

  /** Sends what `message` makes of the new request's id, and waits for the answer. */
  async request(terms: RequestTerms, message: (id: number) => readonly Buffer[]): Promise<CaMessage> {
    this.#assertRoom(terms.what);
    return this.#pending.start(terms, (id) => this.send(message(id)));
  }

  /** Sends what nobody answers. */
  tell(what: string, message: (id: number) => readonly Buffer[]): void {
    this.#assertRoom(what);
    this.send(message(this.#pending.nextId()));
  }

  /** Ends what waits for this channel, or for one handle of it. */
  failAllOf(owner: object, why: string): void {
    this.#pending.failAllOf(owner, (what) => new CaDisconnectedError(`${what}: ${why}`));
  }

  /** The id under which the monitor's events will come. */
  addMonitor(monitor: CircuitMonitor): number {
    const id = this.#monitorIds.next(this.#monitors);
    this.#monitors.set(id, monitor);
    return id;
  }

  removeMonitor(id: number): void {
    this.#monitors.delete(id);
  }

  /** What was sent before still leaves; what waits for answers is rejected. Closing twice is closing once. */
  close(why: string): void {
    if (this.#state.is('closed')) return;
    this.#endSocket();
    this.#state.change({ to: 'closed', why });
    this.#liveness.stop();
    this.#parts.onClosed(this);
    const reason = `${this.server}: ${why}`;
    this.#pending.failAll((what) => new CaDisconnectedError(`${what}: ${reason}`));
    const channels = [...this.channels.values()];
    this.channels.clear();
    this.#monitors.clear();
    const retryMs = this.#hasServed ? 0 : UNUSABLE_RETRY_MS;
    for (const [index, channel] of channels.entries()) channel.lost({ why: reason, retryMs, isScout: index === 0 });
  }

  /** A server that reads gets what it has not got yet, a STOP that was written last above all. */
  #endSocket(): void {
    if (!this.isResponsive) return void this.#socket.destroy();
    this.#outbox.flush();
    this.#socket.destroySoon();
    const timer = setTimeout(() => this.#socket.destroy(), LAST_WORDS_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #connected(): void {
    this.#socket.setTimeout(0);
    this.#state.change({ from: 'opening', to: 'responsive', why: 'accepted' });
    this.#liveness.start();
  }

  #greeted(minor: number): void {
    this.#minorVersion = minor;
    this.#parts.onReady(this);
  }

  #received(chunk: Buffer): void {
    this.#liveness.heard();
    for (const message of this.#parser.push(chunk)) {
      if (this.#state.is('closed')) return; // a listener has closed everything
      this.#hasServed ||= message.command === COMMAND.CREATE_CHAN;
      this.#incoming.receive(message);
    }
    const { oversizedBytes } = this.#parser;
    if (oversizedBytes !== null) this.close(`a message of ${oversizedBytes} bytes is over the limit`);
    else this.#closeWhenIdle();
  }

  #responsiveChanged(isResponsive: boolean): void {
    this.#state.change({ to: isResponsive ? 'responsive' : 'unresponsive', why: 'echo' });
    for (const channel of this.channels.values()) channel.responsiveChanged(isResponsive);
  }

  #closeWhenIdle(): void {
    if (this.channels.size === 0 && !this.#parts.staysOpen) this.close('no channels left');
  }

  /** Memory is bounded: to a server that does not read, no more is queued. */
  #assertRoom(what: string): void {
    const limit = this.#parts.settings.maxArrayBytes + EXTRA_WAITING_BYTES;
    if (this.#outbox.waitingBytes <= limit) return;
    throw new CaError(`${what}: ${this.#outbox.waitingBytes} bytes wait for ${this.server} already`, ECA.ALLOCMEM);
  }
}
