import { TooManyAttempts } from '../refusal.ts';
import type { AuthStore } from '../store/store.ts';

/** Beyond so many attempts within so many seconds no password is looked at. */
const LIMITS = {
  /** Somebody who mistypes. */
  userFromAddress: { most: 10, seconds: 60 },
  /** Many machines that guess at one account; high, since it also shuts out whoever owns that. */
  user: { most: 100, seconds: 15 * 60 },
  /** One machine that guesses at many accounts; a control room may have one address for all. */
  address: { most: 100, seconds: 60 },
} as const;

export interface Attempt {
  readonly provider: string;
  readonly userName: string;
  readonly address: string;
}

/** Slows down whoever tries passwords. The counts are the store's: several gateways count together. */
export class SignInThrottle {
  readonly #store: Pick<AuthStore, 'countAttempt' | 'forgetAttempts'>;

  constructor(store: Pick<AuthStore, 'countAttempt' | 'forgetAttempts'>) {
    this.#store = store;
  }

  /**
   * Counted before the password is looked at, so that a hundred attempts at once are a hundred.
   * @throws TOO_MANY_ATTEMPTS
   */
  async count(attempt: Attempt): Promise<void> {
    for (const [kind, name] of namesOf(attempt)) {
      const { most, seconds } = LIMITS[kind];
      if ((await this.#store.countAttempt(name, seconds)) > most) throw new TooManyAttempts(seconds);
    }
  }

  /** Whoever knows the password is no guesser. */
  async forget(attempt: Attempt): Promise<void> {
    for (const [, name] of namesOf(attempt)) await this.#store.forgetAttempts(name);
  }
}

function namesOf({ provider, userName, address }: Attempt): readonly (readonly [keyof typeof LIMITS, string])[] {
  const user = `${provider}/${userName.toLowerCase()}`;
  return [
    ['address', `address ${address}`],
    ['userFromAddress', `user ${user} from ${address}`],
    ['user', `user ${user}`],
  ];
}
