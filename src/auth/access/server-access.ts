import { isDeepStrictEqual } from 'node:util';
import type { Schema } from '../../lib/json-schema/schema.ts';
import { isPlainObject } from '../../lib/plain-object.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr } from '../../lib/python-text/repr.ts';
import type { User } from '../access-policy.ts';
import type { ApiAccess } from './api-access.ts';
import { checkArguments, PolicyRefused } from './policy-refused.ts';
import { NAME_IN_MESSAGES, originalRoles } from './table-access.ts';
import { displayedName, SPECIAL_USERS } from './user-table.ts';
import type { UserEntry, UserTable } from './user-table.ts';

const ARGUMENTS: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    instrument: { type: 'string' },
    server: { type: 'string' },
    port: { type: 'integer' },
    update_period: { type: 'integer' },
    expiration_period: { type: ['integer', 'null'] },
    http_timeout: { type: 'integer' },
    base_url: { type: ['string', 'null'] },
  },
};

interface ServerArguments {
  readonly instrument: string;
  readonly server: string;
  readonly port: number;
  /** In seconds, as all three. */
  readonly update_period: number;
  readonly expiration_period: number | null;
  readonly http_timeout: number;
  readonly base_url: string | null;
}

const DEFAULTS = {
  server: 'localhost',
  port: 8000,
  update_period: 600,
  expiration_period: null,
  http_timeout: 5,
  base_url: null,
} as const;

export type LogError = (message: string) => void;

/** `ServerBasedAPIAccessControl`. Nobody is known until `start` has heard of them. @throws PolicyRefused */
export function serverAccess(args: Readonly<Record<string, PyValue>>, onError: LogError): ServerAccess {
  const { roles = null, ...given } = args;
  const table = originalRoles(roles);
  if ((given.instrument ?? null) === null) {
    throw new PolicyRefused("The required parameter 'instrument' is not specified", ['instrument']);
  }
  checkArguments(given, ARGUMENTS, NAME_IN_MESSAGES);
  // The check has just said so.
  return new ServerAccess(table, { ...DEFAULTS, ...(given as unknown as ServerArguments) }, onError);
}

/**
 * Asks an access server who has which role, at the start and then every `update_period`, give or take a fifth, so that
 * many gateways do not ask at once. While the server is away what it last said holds, until that is older than
 * `expiration_period`: then nobody is known.
 */
export class ServerAccess implements ApiAccess {
  readonly roles: ApiAccess['roles'];
  readonly #url: string;
  readonly #args: ServerArguments;
  readonly #onError: LogError;
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  #users: UserTable = SPECIAL_USERS;
  #expiresAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(roles: ApiAccess['roles'], args: ServerArguments, onError: LogError) {
    this.roles = roles;
    this.#args = args;
    this.#onError = onError;
    const base = args.base_url ?? `http://${args.server}:${args.port}`;
    this.#url = `${base.replace(/\/$/, '')}/instrument/${encodeURIComponent(args.instrument.toLowerCase())}/qserver/access`;
  }

  isKnown({ userName }: User): boolean {
    return this.#users.has(userName);
  }
  rolesOf({ userName }: User): readonly string[] {
    return this.#users.get(userName)?.roles ?? [];
  }
  displayedNameOf({ userName }: User): string {
    return this.#users.get(userName)?.displayedName ?? userName;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): void {
    void this.update().finally(() => {
      if (this.#closing.signal.aborted) return;
      const period = this.#args.update_period * (0.8 + 0.4 * Math.random());
      this.#timer = setTimeout(() => this.start(), period * 1000);
    });
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  /** Asks once. Never rejects: what went wrong is logged, as the original does. */
  async update(): Promise<void> {
    const { update_period: period, expiration_period: expiration } = this.#args;
    try {
      const answer = await this.#ask();
      this.#expiresAt = performance.now() + 1000 * (expiration || period * 1.5);
      this.#change(this.#usersOf(answer));
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#onError(`Failed to update access control data: ${reasonOf(error)}.`);
      if (performance.now() <= this.#expiresAt) return;
      this.#onError('Access control data expired.');
      this.#change(SPECIAL_USERS);
    }
  }

  async #ask(): Promise<unknown> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#args.http_timeout * 1000)]);
    const reply = await fetch(this.#url, { signal });
    if (!reply.ok) throw new Error(`${this.#url} answered ${reply.status}`);
    return reply.json();
  }

  #usersOf(answer: unknown): UserTable {
    const users = new Map<string, { roles: string[]; name: string; email: string }>();
    for (const [role, members] of Object.entries(objectOf(answer, 'the answer'))) {
      if (!this.roles.has(role)) {
        this.#onError(
          `Unsupported role ${repr(role)}. Supported roles: ${[...this.roles.keys()].map(repr).join(', ')}`,
        );
        continue;
      }
      for (const [userName, told] of Object.entries(objectOf(members, `role '${role}'`))) {
        const about = objectOf(told, `user '${userName}'`);
        const user = users.get(userName) ?? { roles: [], name: '', email: '' };
        user.roles.push(role);
        user.name ||= [about.first_name, about.last_name].map(textOf).filter(Boolean).join(' ');
        user.email ||= textOf(about.email);
        users.set(userName, user);
      }
    }
    const entries = [...users].map(([userName, { roles, name, email }]): [string, UserEntry] => [
      userName,
      { roles, displayedName: displayedName(userName, name, email) },
    ]);
    // Whatever the server says, the two without account are what the configuration makes them.
    return new Map([...entries, ...SPECIAL_USERS]);
  }

  #change(users: UserTable): void {
    if (isDeepStrictEqual(users, this.#users)) return;
    this.#users = users;
    for (const listener of this.#listeners) listener();
  }
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (!isPlainObject(value)) throw new Error(`${what} must be an object, received ${JSON.stringify(value)}`);
  return value;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** What `fetch` says of a server that is away stands in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
