import type { Scope } from '../protocol/methods/define-method.ts';
import { PUBLIC_NAME, SINGLE_USER_NAME } from './access-policy.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Credentials } from './credentials.ts';
import { NOBODY, withoutAccount } from './principal.ts';
import type { Principal } from './principal.ts';
import { invalidApiKey, invalidTicket, invalidToken } from './refusal.ts';
import type { SingleUserKey } from './single-user-key.ts';
import type { Tickets } from './tickets.ts';

export interface AdmissionOptions {
  /** null: the gateway has one user, who shows the key. */
  readonly accounts: Pick<Accounts, 'principalOfKey' | 'principalOfToken' | 'review'> | null;
  /** Good only without accounts, as in the original. */
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
    switch (credentials.kind) {
      case 'none':
        return this.#anybody();
      case 'api-key':
        return this.#keyHolder(credentials.key, asked.scope);
      case 'ticket':
        return this.#ticketHolder(credentials.ticket, asked.origin);
      case 'token':
        if (this.#options.accounts === null) throw invalidToken();
        return this.#options.accounts.principalOfToken(credentials.token);
      default:
        return credentials satisfies never;
    }
  }

  /**
   * The same principal as it would be admitted now.
   * @throws Refusal when it would not be
   */
  async review(principal: Principal): Promise<Principal> {
    const { accounts, policy } = this.#options;
    if (principal.standing === null) {
      return principal.isAnonymous ? this.#anybody() : withoutAccount(policy, SINGLE_USER_NAME);
    }
    if (accounts === null) throw invalidToken();
    return accounts.review(principal.standing);
  }

  #anybody(): Principal {
    const { allowAnonymousAccess, policy } = this.#options;
    return allowAnonymousAccess ? withoutAccount(policy, PUBLIC_NAME) : NOBODY;
  }

  async #keyHolder(secret: string, scope: Scope | undefined): Promise<Principal> {
    const { accounts, key, policy } = this.#options;
    if (accounts !== null) return accounts.principalOfKey(secret, scope);
    if (key === null || !key.matches(secret)) throw invalidApiKey(scope);
    return withoutAccount(policy, SINGLE_USER_NAME);
  }

  async #ticketHolder(ticket: string, origin: string | undefined): Promise<Principal> {
    const principal = this.#options.tickets.redeem(ticket, origin);
    if (principal === null) throw invalidTicket();
    return this.review(principal);
  }
}
