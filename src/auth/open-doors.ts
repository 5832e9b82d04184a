import type { Scope } from '../protocol/methods/define-method.ts';
import type { Principal } from './principal.ts';
import { Refusal, requireScope } from './refusal.ts';
import type { AuthChange } from './store/store.ts';

/** A timer takes no more; a door that is open for longer is looked at again then. */
const LONGEST_MS = 2 ** 31 - 1;

/** What a principal holds open: a socket, a stream. */
export interface Door {
  /** Somebody has shown again who it is: it now stands on that. */
  renew(principal: Principal): void;
  /** It is closed already. */
  leave(): void;
}

interface Opened {
  principal: Principal;
  readonly scope: Scope;
  readonly shut: (why: Refusal) => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * What is open, and on what it stands. When that changes (a session ends, a key is revoked, a principal disabled, a role
 * loses a scope) whoever opened it is looked at again, and it is shut if they would not be let in now. The end of a token
 * is known beforehand: it has a timer.
 */
export class OpenDoors {
  readonly #review: (principal: Principal) => Promise<Principal>;
  readonly #onError: (error: unknown) => void;
  readonly #doors = new Set<Opened>();

  constructor(review: (principal: Principal) => Promise<Principal>, onError: (error: unknown) => void) {
    this.#review = review;
    this.#onError = onError;
  }

  /** `shut` is called at most once, and not after `leave`. */
  open(principal: Principal, scope: Scope, shut: (why: Refusal) => void): Door {
    const door: Opened = { principal, scope, shut, timer: undefined };
    this.#doors.add(door);
    this.#watchTheClock(door);
    // Between the look at the credentials and now they may have lost their worth.
    void this.#look(door);
    return {
      renew: (renewed) => {
        door.principal = renewed;
        this.#watchTheClock(door);
      },
      leave: () => this.#forget(door),
    };
  }

  /** Looks again at every door that this concerns. */
  changed(change: AuthChange): void {
    for (const door of this.#doors) if (concerns(change, door.principal)) void this.#look(door);
  }

  /** Nobody knows what has changed, not even for those without an account: the access policy. */
  reviewAll(): void {
    for (const door of this.#doors) void this.#look(door);
  }

  async #look(door: Opened): Promise<void> {
    const { principal } = door;
    try {
      const now = await this.#review(principal);
      requireScope(now, door.scope);
      if (door.principal === principal) door.principal = now;
    } catch (error) {
      if (!(error instanceof Refusal)) return this.#onError(error);
      // Whoever has renewed meanwhile stands on something else.
      if (door.principal === principal && this.#forget(door)) door.shut(error);
    }
  }

  #watchTheClock(door: Opened): void {
    clearTimeout(door.timer);
    const until = door.principal.standing?.until;
    if (until === undefined) return;
    const left = Math.min(Math.max(0, until * 1000 - Date.now()), LONGEST_MS);
    door.timer = setTimeout(
      () => void this.#look(door).then(() => this.#doors.has(door) && this.#watchTheClock(door)),
      left,
    );
  }

  #forget(door: Opened): boolean {
    clearTimeout(door.timer);
    return this.#doors.delete(door);
  }
}

function concerns(change: AuthChange, { standing }: Principal): boolean {
  if (standing === null) return false;
  if (change.kind === 'anything') return true;
  return { principal: standing.principal, session: standing.session, key: standing.key }[change.kind] === change.id;
}
