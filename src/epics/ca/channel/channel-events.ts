import type { CaError } from '../errors.ts';

export interface CaChannelEvents {
  /** Connected, at first and again after each loss; type and count are known, and may have changed. */
  connect: [];
  disconnect: [why: string];
  /** Bits of ACCESS: 1 read, 2 write. */
  access: [rights: number];
  /** The server's echo is overdue, or came after all. */
  responsive: [isResponsive: boolean];
  /** The server reports what belongs to no request, a refused write without callback for instance. */
  exception: [error: CaError];
}

/** What a shared channel tells its handles: the events of their users, and that the whole context ends. */
export interface ChannelNews extends CaChannelEvents {
  closed: [];
}

export type ChannelObserver = <K extends keyof ChannelNews>(event: K, ...args: ChannelNews[K]) => void;
