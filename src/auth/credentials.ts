import { unknownScheme } from './refusal.ts';

/** What a request shows of who makes it; nothing is believed yet. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'api-key'; readonly key: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'ticket'; readonly ticket: string };

const NONE: Credentials = { kind: 'none' };

/**
 * Reads the header `Authorization: ApiKey …` or `Bearer …`, in any case, and the query parameters `api_key` and `ticket`.
 * The query goes before the header, as in the original.
 * @throws Refusal for another scheme
 */
export function credentialsOf(
  authorization: string | undefined,
  query: Readonly<Record<string, unknown>>,
): Credentials {
  if (typeof query.ticket === 'string') return { kind: 'ticket', ticket: query.ticket };
  if (typeof query.api_key === 'string') return { kind: 'api-key', key: query.api_key };
  if (authorization === undefined || authorization === '') return NONE;
  const space = authorization.indexOf(' ');
  const scheme = (space === -1 ? authorization : authorization.slice(0, space)).toLowerCase();
  const secret = space === -1 ? '' : authorization.slice(space + 1).trim();
  if (scheme === 'apikey') return { kind: 'api-key', key: secret };
  if (scheme === 'bearer') return { kind: 'token', token: secret };
  throw unknownScheme();
}

/**
 * The first message of a socket that showed nothing: `{"type":"auth","api_key":"…"}` or `{"type":"auth","token":"…"}`.
 * Anything else shows nothing.
 */
export function credentialsOfMessage(text: string): Credentials {
  try {
    const message = JSON.parse(text) as unknown;
    if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'auth') return NONE;
    if ('api_key' in message && typeof message.api_key === 'string') return { kind: 'api-key', key: message.api_key };
    if ('token' in message && typeof message.token === 'string') return { kind: 'token', token: message.token };
  } catch {
    // Not JSON shows no more than silence does.
  }
  return NONE;
}
