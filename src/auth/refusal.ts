import { listText } from '../lib/python-text/repr.ts';
import { CodedError } from '../protocol/error-codes.ts';
import type { About, ErrorCode } from '../protocol/error-codes.ts';
import type { Scope } from '../protocol/methods/define-method.ts';
import type { Principal } from './principal.ts';

/** A request that is turned away for who makes it. */
export class Refusal<C extends ErrorCode = ErrorCode> extends CodedError<C> {
  /** For the header of a 401, by which a client knows what to show. */
  readonly wants: string | undefined;

  constructor(code: C, about: About<C>, wants?: string) {
    super(code, about);
    this.name = 'Refusal';
    this.wants = wants;
  }
}

/** Somebody tries too often. */
export class TooManyAttempts extends CodedError<'TOO_MANY_ATTEMPTS'> {
  /** When to come back. */
  readonly seconds: number;

  constructor(seconds: number) {
    super('TOO_MANY_ATTEMPTS', { seconds });
    this.name = 'TooManyAttempts';
    this.seconds = seconds;
  }
}

const bearer = (scope: Scope | undefined): string => (scope === undefined ? 'Bearer' : `Bearer scope="${scope}"`);

export const unknownScheme = (): Refusal => new Refusal('UNKNOWN_SCHEME', {});
export const invalidApiKey = (scope?: Scope): Refusal => new Refusal('INVALID_API_KEY', {}, bearer(scope));
export const invalidToken = (): Refusal => new Refusal('INVALID_TOKEN', {}, bearer(undefined));
export const accessTokenExpired = (): Refusal => new Refusal('ACCESS_TOKEN_EXPIRED', {}, bearer(undefined));
export const sessionExpired = (): Refusal => new Refusal('SESSION_EXPIRED', {}, bearer(undefined));
export const permissionsRevoked = (): Refusal => new Refusal('PERMISSIONS_REVOKED', {}, bearer(undefined));
export const invalidTicket = (): Refusal => new Refusal('INVALID_TICKET', {}, bearer(undefined));

/** 401 asks who it is, 403 says that it is not for them: the original answers 401 to both, with the same text. */
export function notEnoughPermissions({ scopes, isAnonymous }: Principal, scope: Scope): Refusal {
  const about = { required: listText([scope]), held: listText([...scopes]) };
  return isAnonymous
    ? new Refusal('NO_CREDENTIALS', about, bearer(scope))
    : new Refusal('NOT_ENOUGH_PERMISSIONS', about);
}

/** @throws Refusal when `principal` does not hold `scope` */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.has(scope)) throw notEnoughPermissions(principal, scope);
}
