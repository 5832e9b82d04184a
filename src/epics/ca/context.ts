import { CaChannel } from './channel/channel.ts';
import { type ChannelKeeper, SharedChannel } from './channel/shared-channel.ts';
import { Circuits } from './circuit/circuits.ts';
import { MAX_NAME_BYTES } from './codec/commands.ts';
import { ECA } from './codec/status-codes.ts';
import { CaDisconnectedError, CaError } from './errors.ts';
import { Ids } from './ids.ts';
import type { Address } from './search/addresses.ts';
import { ServerFinder } from './search/server-finder.ts';
import { type CaOptions, type CaSettings, settingsFrom } from './settings.ts';

/**
 * A Channel Access client: its channels, and the circuits and searches behind them. Contexts share nothing; a process
 * may have several, with different options. It keeps the process alive until `close()`.
 */
export class CaContext {
  /** Searches go out from now on. It rejects when no UDP port could be had: then name servers alone are asked. */
  readonly ready: Promise<void>;
  readonly #settings: CaSettings;
  readonly #finder: ServerFinder;
  readonly #circuits: Circuits;
  readonly #byName = new Map<string, SharedChannel>();
  readonly #byCid = new Map<number, SharedChannel>();
  readonly #cids: Ids;
  readonly #keeper: ChannelKeeper = {
    seek: (channel, { retryMs, isScout }) => this.#finder.seek(channel, { delayMs: retryMs, isScout }),
    forget: ({ name, cid }) => {
      this.#byName.delete(name);
      this.#byCid.delete(cid);
      this.#finder.forget(cid);
    },
  };
  #isClosed = false;

  constructor(options: CaOptions = {}) {
    this.#settings = settingsFrom(options);
    this.#cids = new Ids(this.#settings.firstId);
    this.#circuits = new Circuits({
      settings: this.#settings,
      onSearchReply: (message, from) => this.#finder.answered(message, from.host),
      onNameServer: () => this.#finder.soon(),
    });
    this.#finder = new ServerFinder({
      settings: this.#settings,
      onFound: (cid, address) => this.#byCid.get(cid)?.found(this.#circuits.to(address)),
      onLateAnswer: (cid, address) => this.#warnOfSecondServer(cid, address),
      askNameServers: (searches) => this.#circuits.askNameServers(searches),
      useNameServers: (addresses) => this.#circuits.useNameServers(addresses),
    });
    this.ready = this.#finder.open();
    this.ready.catch((error: unknown) => this.#settings.onLog('warn', String(error)));
  }

  /** A new handle of the PV, searching or connected already. @throws CaError for a name that no server can have */
  channel(name: string): CaChannel {
    if (this.#isClosed) throw new CaDisconnectedError(`${name}: the context was closed`);
    if (name === '' || name.includes('\0') || Buffer.byteLength(name) > MAX_NAME_BYTES) {
      throw new CaError(`'${name.slice(0, 60)}' cannot be the name of a PV`, ECA.BADSTR);
    }
    return new CaChannel(this.#byName.get(name) ?? this.#newChannel(name));
  }

  /** Closes every channel; requests under way are rejected. Nothing of the context is left in the process. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#finder.close();
    for (const channel of this.#byName.values()) channel.close();
    this.#circuits.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #newChannel(name: string): SharedChannel {
    const channel = new SharedChannel(this.#cids.next(this.#byCid), name, this.#keeper);
    this.#byName.set(name, channel);
    this.#byCid.set(channel.cid, channel);
    this.#finder.seek(channel);
    return channel;
  }

  #warnOfSecondServer(cid: number, { host, port }: Address): void {
    const channel = this.#byCid.get(cid);
    const server = channel?.circuit?.server;
    if (channel === undefined || server === undefined || server === `${host}:${port}`) return;
    this.#settings.onLog(
      'warn',
      `${channel.name} is served by ${server} and also by ${host}:${port}: the first is used`,
    );
  }
}
