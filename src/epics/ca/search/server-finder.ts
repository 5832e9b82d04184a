import { ADDRESS_OF_SENDER } from '../codec/commands.ts';
import type { CaMessage } from '../codec/message.ts';
import { ECA } from '../codec/status-codes.ts';
import { CaError } from '../errors.ts';
import type { CaSettings } from '../settings.ts';
import { type Address, resolveAddresses, searchTargets } from './addresses.ts';
import { Beacons } from './beacons.ts';
import { Search, type Sought } from './search.ts';
import { SearchSocket } from './search-socket.ts';

/** A scout is asked for at least this often. */
const SCOUT_PAUSE_MS = 1000;
const NEWS_PAUSE_MS = 250;
/** An answer after this many searches in vain is news: the server has just come. */
const TRIES_IN_VAIN = 4;

interface ServerFinderParts {
  readonly settings: CaSettings;
  /** A server has the channel; the first answer for a search counts. */
  readonly onFound: (cid: number, address: Address) => void;
  /** A server claims a channel that was not sought (any more). */
  readonly onLateAnswer: (cid: number, address: Address) => void;
  readonly askNameServers: (searches: readonly Buffer[]) => void;
  readonly useNameServers: (addresses: readonly Address[]) => void;
}

/** Finds which server has a channel: by UDP, by name servers, sooner when there is news of a server. */
export class ServerFinder {
  readonly #parts: ServerFinderParts;
  readonly #search: Search;
  readonly #socket: SearchSocket;
  readonly #beacons = new Beacons();
  #lastNewsAt = -Infinity;
  #isClosed = false;

  constructor(parts: ServerFinderParts) {
    const { settings, askNameServers } = parts;
    this.#parts = parts;
    this.#socket = new SearchSocket({
      repeaterPort: settings.beacons ? settings.repeaterPort : null,
      onReply: (message, from) => this.answered(message, from),
      onBeacon: (message, from) => this.#heard(message, from),
      onTrouble: (problem) => settings.onLog('debug', problem),
    });
    this.#search = new Search({
      maxPauseMs: settings.maxSearchPeriod * 1000,
      send: (batch) => {
        this.#socket.send(batch);
        askNameServers(batch);
      },
    });
  }

  /** Resolves when searches can go out; what was sought before is asked for now. @throws CaError without a UDP port */
  async open(): Promise<void> {
    const { settings, useNameServers } = this.#parts;
    const report = (problem: string): void => settings.onLog('warn', problem);
    const [targets, nameServers] = await Promise.all([
      searchTargets(settings, report),
      resolveAddresses(settings.nameServers, settings.serverPort, report),
    ]);
    if (this.#isClosed) return;
    this.#socket.aimAt(targets);
    useNameServers(nameServers);
    try {
      await this.#socket.open();
    } catch (error) {
      throw new CaError('no UDP port for searches could be opened', ECA.INTERNAL, { cause: error });
    }
    this.soon();
  }

  seek(channel: Sought, { delayMs = 0, isScout = false } = {}): void {
    this.#search.add(channel, isScout ? { delayMs, maxPauseMs: SCOUT_PAUSE_MS } : { delayMs });
  }

  forget(cid: number): void {
    this.#search.remove(cid);
  }

  /** There is news of a server. */
  soon(): void {
    this.#search.soon();
  }

  /** The answer to a search, from UDP or a name server. It names the server's address, or means its sender. */
  answered({ type: port, p1, p2: cid }: CaMessage, from: string): void {
    const host = p1 === ADDRESS_OF_SENDER || p1 === 0 ? from : dotted(p1);
    const tries = this.#search.remove(cid);
    if (tries === null) return this.#parts.onLateAnswer(cid, { host, port });
    this.#parts.onFound(cid, { host, port });
    if (tries > TRIES_IN_VAIN) this.soon();
  }

  close(): void {
    this.#isClosed = true;
    this.#search.close();
    this.#socket.close();
  }

  /** Beacons may come in any number. Nothing is lost by a pause: what was hurried on just now comes again by itself. */
  #heard(beacon: CaMessage, from: string): void {
    const now = performance.now();
    if (!this.#beacons.isNews(beacon, from) || now - this.#lastNewsAt < NEWS_PAUSE_MS) return;
    this.#lastNewsAt = now;
    this.soon();
  }
}

const dotted = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
