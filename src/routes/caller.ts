import type { FastifyRequest } from 'fastify';
import type { Accounts } from '../auth/accounts/accounts.ts';
import type { Caller } from '../auth/accounts/sessions.ts';
import type { Actor } from '../auth/audit-log.ts';
import type { Standing } from '../auth/principal.ts';
import { coded } from '../protocol/error-codes.ts';
import type { Parts } from './declaration.ts';

/** Where a request came from, as the audit log writes it. */
export const callerOf = ({ ip, id }: FastifyRequest): Caller => ({ address: ip, request: id });

/** Who makes it. */
export const actorOf = (request: FastifyRequest): Actor => ({
  name: request.principal.name,
  principal: request.principal.standing?.principal,
  ...callerOf(request),
});

/** @throws NO_ACCOUNTS for who has none */
export function standingOf({ principal }: FastifyRequest): Standing {
  if (principal.standing === null) throw coded('NO_ACCOUNTS', {});
  return principal.standing;
}

/** @throws NO_ACCOUNTS where one key is everybody's */
export function accountsOf({ accounts }: Pick<Parts, 'accounts'>): Accounts {
  if (accounts === null) throw coded('NO_ACCOUNTS', {});
  return accounts;
}
