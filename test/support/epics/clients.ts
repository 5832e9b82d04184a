import { once } from 'node:events';
import { type CaChannel, type CaChannelEvents, CaContext, type CaOptions } from '../../../src/epics/index.ts';

/** A client that looks at these servers only. */
export const clientOf = (addresses: readonly { searchAddress: string }[], options: CaOptions = {}): CaContext =>
  new CaContext({
    addrList: addresses.map(({ searchAddress }) => searchAddress),
    autoAddrList: false,
    beacons: false,
    ...options,
  });

/** The next event of a channel, as its arguments. */
export const next = <K extends keyof CaChannelEvents>(channel: CaChannel, event: K): Promise<CaChannelEvents[K]> =>
  // node:events types the result by nothing; the channel's map does.
  once(channel, event) as unknown as Promise<CaChannelEvents[K]>;

export const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** Readings as they come; `take(n)` waits for the n-th. */
export class Collected<T> {
  readonly all: T[] = [];
  #wake = Promise.withResolvers<void>();

  readonly add = (item: T): void => {
    this.all.push(item);
    this.#wake.resolve();
  };

  async take(count: number): Promise<T[]> {
    while (this.all.length < count) {
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
    return this.all;
  }
}
