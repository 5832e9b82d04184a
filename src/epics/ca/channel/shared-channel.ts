import { defineStates, StateMachine } from '../../../lib/define-states.ts';
import type { Circuit } from '../circuit/circuit.ts';
import type { CircuitChannel, Loss, ServerChannel } from '../circuit/circuit-channel.ts';
import { CaDisconnectedError, type CaError } from '../errors.ts';
import type { ChannelNews, ChannelObserver } from './channel-events.ts';
import { EnumStates } from './enum-states.ts';
import type { Monitor } from './monitor.ts';

/**
 * A channel is `searching` until a server says that it has the name, `connecting` until that server has made the channel
 * and told its type, then `connected`. Whenever it is lost (circuit, server, or record gone) it is `searching` again; its
 * monitors stay and start anew at the next connection. `closed` is for ever, and comes from the user alone.
 */
const channelStates = defineStates(
  { searching: ['connecting'], connecting: ['connected', 'searching'], connected: ['searching'], closed: [] },
  { fromAnywhere: ['closed'] },
);
export type ChannelState = 'searching' | 'connecting' | 'connected' | 'closed';

/** Who keeps the channels by name, and looks for their servers. */
export interface ChannelKeeper {
  seek(channel: SharedChannel, loss: Loss): void;
  forget(channel: SharedChannel): void;
}

/** The one channel of a name in a context, on behalf of all its handles. */
export class SharedChannel implements CircuitChannel {
  readonly cid: number;
  readonly name: string;
  readonly enumStates: EnumStates;
  readonly #keeper: ChannelKeeper;
  readonly #state = new StateMachine<ChannelState>(channelStates, 'searching');
  readonly #observers = new Set<ChannelObserver>();
  readonly #monitors = new Set<Monitor>();
  #circuit: Circuit | null = null;
  #server: ServerChannel | null = null;
  #access = 0;

  constructor(cid: number, name: string, keeper: ChannelKeeper) {
    this.cid = cid;
    this.name = name;
    this.enumStates = new EnumStates(name);
    this.#keeper = keeper;
  }

  get state(): ChannelState {
    return this.#state.state;
  }

  get circuit(): Circuit | null {
    return this.#circuit;
  }

  /** What the server last said of it; also while it is disconnected. */
  get server(): ServerChannel | null {
    return this.#server;
  }

  /** Bits of ACCESS; 0 while disconnected. */
  get access(): number {
    return this.#access;
  }

  /** @throws CaDisconnectedError unless connected */
  connection(what: string): { circuit: Circuit; server: ServerChannel } {
    if (this.#state.is('connected') && this.#circuit !== null && this.#server !== null) {
      return { circuit: this.#circuit, server: this.#server };
    }
    throw new CaDisconnectedError(`${what}: not connected (${this.state})`);
  }

  join(observer: ChannelObserver): void {
    this.#observers.add(observer);
  }

  /** The last one to leave closes the channel. */
  leave(observer: ChannelObserver): void {
    this.#circuit?.failAllOf(observer, 'the channel was closed');
    if (this.#observers.delete(observer) && this.#observers.size === 0) this.close();
  }

  addMonitor(monitor: Monitor): void {
    this.#monitors.add(monitor);
    if (this.#state.is('connected') && this.#circuit !== null && this.#server !== null) {
      monitor.start(this.#circuit, this.#server);
    }
  }

  removeMonitor(monitor: Monitor): void {
    if (this.#monitors.delete(monitor)) monitor.stop();
  }

  /** A server has the name. */
  found(circuit: Circuit): void {
    this.#state.change({ from: 'searching', to: 'connecting', why: `found at ${circuit.server}` });
    this.#circuit = circuit;
    circuit.attach(this);
  }

  created(server: ServerChannel): void {
    if (this.#circuit === null || !this.#state.is('connecting')) return; // said twice
    this.#server = server;
    this.#state.change({ from: 'connecting', to: 'connected', why: 'created' });
    for (const monitor of this.#monitors) monitor.start(this.#circuit, server);
    this.#tell('connect');
  }

  rightsChanged(access: number): void {
    if (access === this.#access) return;
    this.#access = access;
    // Before the channel is made the rights come as part of the connection, and are no news.
    if (this.#state.is('connected')) this.#tell('access', access);
  }

  responsiveChanged(isResponsive: boolean): void {
    this.#tell('responsive', isResponsive);
  }

  lost(loss: Loss): void {
    if (this.#state.is('closed')) return;
    const wasConnected = this.#state.is('connected');
    for (const monitor of this.#monitors) monitor.lost();
    this.#circuit = null;
    this.#access = 0;
    this.enumStates.forget();
    this.#state.change({ to: 'searching', why: loss.why });
    this.#keeper.seek(this, loss);
    if (wasConnected) this.#tell('disconnect', loss.why);
  }

  failed(error: CaError): void {
    this.#tell('exception', error);
  }

  close(): void {
    if (this.#state.is('closed')) return;
    const sid = this.#state.is('connected') ? (this.#server?.sid ?? null) : null;
    this.#state.change({ to: 'closed', why: 'no handle left' });
    this.#tell('closed');
    this.#keeper.forget(this);
    // Clearing the channel ends its monitors in the server, too.
    for (const monitor of this.#monitors) monitor.lost();
    this.#monitors.clear();
    this.#circuit?.detach(this, sid);
    this.#circuit = null;
    this.#access = 0;
  }

  #tell<K extends keyof ChannelNews>(event: K, ...args: ChannelNews[K]): void {
    for (const observer of this.#observers) observer(event, ...args);
  }
}
