import type { CaMessage } from '../codec/message.ts';

/** The most servers remembered; a site has fewer. Beyond that the one heard longest ago is forgotten. */
const MAX_SERVERS = 4096;

/**
 * Which servers have been heard of. A beacon says "I am here", numbered upwards from a server's start, so a new address
 * or a number that went back means a server that has just started. Nothing else is concluded: beacons get lost, doubled
 * and late, and a circuit is judged by its own echo alone.
 */
export class Beacons {
  readonly #lastIds = new Map<string, number>();

  /** Whether this beacon tells of a server that has just started. `from` counts when the beacon names no address. */
  isNews({ count: port, p1: id, p2: address }: Pick<CaMessage, 'count' | 'p1' | 'p2'>, from: string): boolean {
    const server = `${address === 0 ? from : address}:${port}`;
    const last = this.#lastIds.get(server);
    this.#lastIds.delete(server); // and to the end of the map: it is the most recent now
    this.#lastIds.set(server, id);
    if (this.#lastIds.size > MAX_SERVERS) this.#forgetOldest();
    return last === undefined || id < last;
  }

  #forgetOldest(): void {
    const [oldest] = this.#lastIds.keys();
    if (oldest !== undefined) this.#lastIds.delete(oldest);
  }
}
