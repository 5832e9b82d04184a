import type { Scope } from '../protocol/methods/define-method.ts';
import type { Principal } from './principal.ts';

/**
 * A request that is turned away for who makes it. The texts are the original's, word for word: its client looks for
 * "Not enough permissions", "Invalid API key" and others.
 */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: 400 | 401 | 403;
  /** For the header of a 401, by which a client knows what to show. */
  readonly wants: string | undefined;

  constructor(status: 400 | 401 | 403, detail: string, wants?: string) {
    super(detail);
    this.status = status;
    this.wants = wants;
  }
}

const list = (scopes: Iterable<string>): string => `[${[...scopes].map((scope) => `'${scope}'`).join(', ')}]`;
const bearer = (scope: Scope | undefined): string => (scope === undefined ? 'Bearer' : `Bearer scope="${scope}"`);

export const unknownScheme = (): Refusal =>
  new Refusal(
    400,
    'Authorization header must include the authorization type followed by a space and then the secret, ' +
      "as in 'Bearer SECRET' or 'Apikey SECRET'. ",
  );

export const invalidApiKey = (scope?: Scope): Refusal => new Refusal(401, 'Invalid API key', bearer(scope));

export const invalidToken = (): Refusal => new Refusal(401, 'Could not validate credentials', 'Bearer');

export const invalidTicket = (): Refusal =>
  new Refusal(401, 'Invalid ticket: it is used, older than 30 s, or for another page', 'Bearer');

/** 401 asks who it is, 403 says that it is not for them: the original answers 401 to both, with this text. */
export function notEnoughPermissions({ scopes, isAnonymous }: Principal, scope: Scope): Refusal {
  const detail = `Not enough permissions. Requires scopes ${list([scope])}. Request had scopes ${list(scopes)}`;
  return isAnonymous ? new Refusal(401, detail, bearer(scope)) : new Refusal(403, detail);
}

/** @throws Refusal when `principal` does not hold `scope` */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.has(scope)) throw notEnoughPermissions(principal, scope);
}
