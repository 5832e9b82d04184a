import type { AccessPolicy } from './access-policy.ts';
import type { Provider } from './authenticators/authenticator.ts';

/** What the configuration says of accounts. A gateway with no provider has none, and one key for its single user. */
export interface AccountsConfig {
  readonly providers: readonly Provider[];
  readonly policy: AccessPolicy;
  /** The first signs tokens, all of them are believed. Empty: one is made and kept in the data directory. */
  readonly secretKeys: readonly string[];
  readonly lifetimes: Lifetimes;
}

/** In seconds; the names are the original's settings. */
export interface Lifetimes {
  readonly access_token_max_age: number;
  readonly refresh_token_max_age: number;
  /** null: a session that is refreshed never ends by age. */
  readonly session_max_age: number | null;
}
