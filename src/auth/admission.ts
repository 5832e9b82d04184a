import type { Scope } from '../protocol/methods/define-method.ts';
import { PUBLIC_NAME, SINGLE_USER_NAME } from './access-policy.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { Credentials } from './credentials.ts';
import { NOBODY, withoutAccount } from './principal.ts';
import type { Principal } from './principal.ts';
import { invalidApiKey, invalidTicket, invalidToken } from './refusal.ts';
import type { SingleUserKey } from './single-user-key.ts';
import type { Tickets } from './tickets.ts';

export interface AdmissionOptions {
  readonly key: SingleUserKey | null;
  readonly tickets: Tickets;
  readonly policy: AccessPolicy;
  readonly allowAnonymousAccess: boolean;
}

/** Where credentials were shown: a ticket is good for one page, and a 401 names the scope that was wanted. */
export interface Asked {
  readonly origin: string | undefined;
  readonly scope?: Scope;
}

/** Says who shows these credentials. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** @throws Refusal when what is shown is wrong; showing nothing is not wrong */
  async principalOf(credentials: Credentials, asked: Asked): Promise<Principal> {
    const { key, tickets, policy, allowAnonymousAccess } = this.#options;
    if (credentials.kind === 'none') return allowAnonymousAccess ? withoutAccount(policy, PUBLIC_NAME) : NOBODY;
    if (credentials.kind === 'api-key') {
      if (key === null || !key.matches(credentials.key)) throw invalidApiKey(asked.scope);
      return withoutAccount(policy, SINGLE_USER_NAME);
    }
    if (credentials.kind === 'ticket') {
      const principal = tickets.redeem(credentials.ticket, asked.origin);
      if (principal === null) throw invalidTicket();
      return principal;
    }
    // Tokens come with accounts; a gateway with a single user has issued none.
    throw invalidToken();
  }
}
