import type { ConnectionOptions } from 'node:tls';
import { Client, ResultCodeError } from 'ldapts';
import type { Entry, SearchOptions } from 'ldapts';

export interface ServerOptions {
  readonly urls: readonly string[];
  /** Turns a plain connection into one over TLS before anything is said. */
  readonly startsTls: boolean;
  readonly tls: ConnectionOptions;
  readonly connectTimeoutMs: number;
  readonly receiveTimeoutMs: number;
}

/**
 * What a directory says of a name and password that are not right: no such entry, wrong password, no password, a locked
 * account, one that may not bind, no DN. Anything else is trouble, and says nothing about the user.
 */
const REFUSALS = new Set([19, 32, 34, 48, 49, 50, 53]);

export const isRefusal = (error: unknown): boolean => error instanceof ResultCodeError && REFUSALS.has(error.code);

/** A connection on which somebody has shown who they are. */
export interface Session {
  close(): void;
  search(base: string, options: SearchOptions): Promise<Entry[]>;
}

/**
 * Opens a session as `dn` on the first server that answers; '' is nobody. Servers are tried in an order of chance, so that
 * they share the load.
 * @returns undefined when the directory refuses the password
 * @throws AggregateError when no server answers
 */
export async function openSession(
  options: ServerOptions,
  { dn, password }: { dn: string; password: string },
  signal: AbortSignal,
): Promise<Session | undefined> {
  const failures: Error[] = [];
  for (const url of shuffled(options.urls)) {
    signal.throwIfAborted();
    const client = clientOf(url, options);
    const close = () => {
      signal.removeEventListener('abort', close);
      client.unbind().catch(() => undefined); // the other side may have closed first
    };
    signal.addEventListener('abort', close, { once: true });
    try {
      if (options.startsTls) await client.startTLS({ ...options.tls, ...serverNameOf(url) });
      if (dn !== '') await client.bind(dn, password);
      return {
        search: async (base, asked) => (await client.search(base, asked)).searchEntries,
        close,
      };
    } catch (error) {
      close();
      if (isRefusal(error)) return undefined;
      failures.push(new Error(`${url}: ${(error as Error).message}`, { cause: error }));
    }
  }
  signal.throwIfAborted();
  throw new AggregateError(failures, `No LDAP server answers: ${failures.map(({ message }) => message).join('; ')}`);
}

const clientOf = (url: string, { tls, connectTimeoutMs, receiveTimeoutMs }: ServerOptions): Client =>
  new Client({
    url,
    timeout: receiveTimeoutMs,
    connectTimeout: connectTimeoutMs,
    // An Active Directory takes `user@domain` for a DN.
    strictDN: false,
    ...(url.startsWith('ldaps:') ? { tlsOptions: tls } : {}),
  });

/** The name that the certificate has to be for; an address is not sent as one. */
function serverNameOf(url: string): ConnectionOptions {
  return { host: new URL(url).hostname };
}

function shuffled<T>(list: readonly T[]): T[] {
  const start = Math.floor(Math.random() * list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}
