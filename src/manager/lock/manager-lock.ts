import { coded } from '../../protocol/error-codes.ts';
import type { CodedError } from '../../protocol/error-codes.ts';
import { isDict } from '../../lib/python-text/py-value.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { isTrue } from '../../lib/python-text/truth.ts';

/** What `lock_info` shows; never the key. Times are seconds since 1970. */
export interface LockInfo {
  readonly environment: PyJson;
  readonly queue: PyJson;
  readonly user: string | null;
  readonly time: number | null;
  readonly time_str: string;
  readonly note: string | null;
  readonly emergency_lock_key_is_set: boolean;
}

/** As the store keeps it, and as the original does. */
interface Held {
  readonly environment: PyJson;
  readonly queue: PyJson;
  readonly lock_key: string | null;
  readonly note: string | null;
  readonly user: string | null;
  readonly time: number | null;
  readonly uid: string;
}

export interface LockParts {
  readonly kept: string | null;
  /** With what of it may be told: never the key. */
  readonly keep: (text: string, told: Pick<LockInfo, 'environment' | 'queue' | 'user'>) => Promise<void>;
  /** Unlocks whatever was locked; `null`: there is none. */
  readonly emergencyKey: string | null;
  readonly onChanged: () => void;
}

/**
 * Two locks under one key, of the environment and of the queue: requests that change what is locked must carry the key.
 * Whoever has it may lock anew, with another choice or note.
 */
export class ManagerLock {
  readonly #parts: LockParts;
  #held: Held;

  constructor(parts: LockParts) {
    this.#parts = parts;
    this.#held = storedLock(parts.kept) ?? unlocked();
  }

  /** New exactly when the lock changes. */
  get uid(): string {
    return this.#held.uid;
  }

  get locked(): { environment: boolean; queue: boolean } {
    // The original passes on what the client sent, and accepts anything that Python takes for true.
    const { environment, queue } = this.#held;
    return { environment, queue } as { environment: boolean; queue: boolean };
  }

  get isSet(): boolean {
    return isTrue(this.#held.environment) || isTrue(this.#held.queue);
  }

  get info(): LockInfo {
    const { environment, queue, user, time, note } = this.#held;
    return {
      environment,
      queue,
      user,
      time,
      time_str: timeText(time),
      note,
      emergency_lock_key_is_set: this.#parts.emergencyKey !== null,
    };
  }

  /** @throws REFUSED when what is locked needs another key */
  check(key: PyJson, what: { environment?: boolean; queue?: boolean }): void {
    const { environment, queue, lock_key: held } = this.#held;
    if (key !== null && typeof key !== 'string') throw badKey(key, ' or None');
    const isLocked = (what.environment === true && isTrue(environment)) || (what.queue === true && isTrue(queue));
    if (isLocked && key !== held) throw this.#wrongKey();
  }

  async lock({ user, lock_key: key, note, environment, queue }: Record<string, PyJson | undefined>): Promise<void> {
    if (user === undefined) throw refused("User name is not specified: 'user' is a required parameter");
    if (typeof user !== 'string' || user === '') {
      throw refused(`User name must be a non-empty string: user = ${repr(user)}`);
    }
    if (key === undefined) throw refused("Lock key is not specified: 'lock_key' is a required parameter");
    if (typeof key !== 'string' || key === '') throw badKey(key);
    if (note !== undefined && note !== null && typeof note !== 'string') {
      throw refused('Note must be a string or None: note = {note!r}'); // the original's, braces and all
    }
    if (this.isSet && key !== this.#held.lock_key) {
      throw refused(`RE Manager was locked with a different key: \n${this.#described}`);
    }
    const choice = { environment: environment ?? false, queue: queue ?? false };
    if (!isTrue(choice.environment) && !isTrue(choice.queue)) {
      throw refused(
        'Invalid option: environment and/or queue must be selected: ' +
          `environment=${str(choice.environment)} queue=${str(choice.queue)}`,
      );
    }
    const time = Date.now() / 1000;
    await this.#set({ ...choice, lock_key: key, note: note ?? null, user, time, uid: crypto.randomUUID() });
  }

  /** @throws REFUSED; true when there was a lock to take away */
  async unlock(key: PyJson | undefined): Promise<boolean> {
    if (key === undefined) throw refused("Request contains no lock key: 'lock_key' parameter is required");
    if (typeof key !== 'string' || key === '') throw badKey(key);
    if (!this.isSet) return false;
    if (key !== this.#held.lock_key && key !== this.#parts.emergencyKey) throw this.#wrongKey();
    await this.#set(unlocked());
    return true;
  }

  async #set(held: Held): Promise<void> {
    const { environment, queue, user } = held;
    await this.#parts.keep(JSON.stringify(held), { environment, queue, user });
    this.#held = held;
    this.#parts.onChanged();
  }

  #wrongKey(): CodedError {
    return refused(`Invalid lock key: \n${this.#described}`);
  }

  get #described(): string {
    const { environment, queue, user, time, note } = this.#held;
    return [
      `RE Manager is locked by ${str(user)} at ${timeText(time)}`,
      `Environment is locked: ${str(environment)}`,
      `Queue is locked:       ${str(queue)}`,
      `Emergency lock key:    ${this.#parts.emergencyKey === null ? 'not set' : 'set'}`,
      `Note: ${note === null || note === '' ? '---' : note}`,
    ].join('\n');
  }
}

const refused = (msg: string): CodedError => coded('REFUSED', { msg });
/** Of a key that may be left out, which the sentence then says, and of one that may not. */
const badKey = (key: PyJson, mayBeNone = ''): CodedError =>
  refused(`Lock key must be a non-empty string${mayBeNone}: lock_key = ${repr(key)}`);

function unlocked(): Held {
  const uid = crypto.randomUUID();
  return { environment: false, queue: false, lock_key: null, note: null, user: null, time: null, uid };
}

/** A text that cannot be read counts as no lock, as in the original. */
function storedLock(text: string | null): Held | null {
  try {
    const held = JSON.parse(text ?? 'null') as Held | null;
    const names = ['environment', 'queue', 'lock_key', 'note', 'user', 'time', 'uid'];
    return isDict(held as PyJson) && names.every((name) => Object.hasOwn(held as object, name)) ? held : null;
  } catch {
    return null;
  }
}

/** `month/day/year hour:minute:second`, local; nothing while there is no lock. */
function timeText(at: number | null): string {
  if (at === null) return '';
  const date = new Date(at * 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${two(date.getMonth() + 1)}/${two(date.getDate())}/${date.getFullYear()}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
