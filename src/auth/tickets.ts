import { randomBytes } from 'node:crypto';
import type { Principal } from './principal.ts';

const TICKET_SECONDS = 30;
const MOST_TICKETS = 10_000;

interface Issued {
  readonly principal: Principal;
  readonly origin: string | undefined;
  readonly until: number;
}

/**
 * Tickets by which a browser, whose WebSocket can send no header, shows who opens it. One opens one socket, within 30 s,
 * from the page that asked for it; the socket then has the principal and scopes of the request that got the ticket.
 */
export class Tickets {
  readonly #now: () => number;
  readonly #issued = new Map<string, Issued>();

  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
  }

  issue(principal: Principal, origin: string | undefined): { ticket: string; expires_in: number } {
    this.#forgetOld();
    const ticket = randomBytes(32).toString('base64url');
    this.#issued.set(ticket, { principal, origin, until: this.#now() + TICKET_SECONDS });
    return { ticket, expires_in: TICKET_SECONDS };
  }

  /** The principal behind a ticket, or null. Whoever asks, the ticket is used up. */
  redeem(ticket: string, origin: string | undefined): Principal | null {
    const issued = this.#issued.get(ticket);
    this.#issued.delete(ticket);
    if (issued === undefined || issued.until < this.#now() || issued.origin !== origin) return null;
    return issued.principal;
  }

  /** Tickets stand in the order of their age. */
  #forgetOld(): void {
    for (const [ticket, { until }] of this.#issued) {
      if (until >= this.#now() && this.#issued.size < MOST_TICKETS) return;
      this.#issued.delete(ticket);
    }
  }
}
