import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { ANONYMOUS_PROVIDER } from '../auth/access-policy.ts';
import type { Principal } from '../auth/principal.ts';
import { coded } from '../protocol/error-codes.ts';
import type { App } from './declaration.ts';

const Scopes = Type.Object({ roles: Type.Array(Type.String()), scopes: Type.Array(Type.String()) });
const Ticket = Type.Object({ ticket: Type.String(), expires_in: Type.Integer({ description: 'seconds' }) });
const WhoAmI = Type.Object({
  uuid: Type.String(),
  type: Type.String(),
  identities: Type.Array(
    Type.Object({ id: Type.String(), provider: Type.String(), latest_login: Type.Union([Type.String(), Type.Null()]) }),
  ),
  api_keys: Type.Array(Type.Unknown()),
  sessions: Type.Array(Type.Unknown()),
  latest_activity: Type.Union([Type.String(), Type.Null()]),
  roles: Type.Array(Type.String()),
  scopes: Type.Array(Type.String()),
  api_key_scopes: Type.Union([Type.Array(Type.String()), Type.Null()]),
});

/** Who the server takes the caller for, what that allows, and tickets for the sockets of a browser. */
export function authRoutes(app: App): void {
  // Without accounts a principal is known as long as the process lives.
  const uuid = randomUUID();

  app.route({
    method: 'GET',
    url: '/auth/whoami',
    config: { declared: { access: 'anybody', summary: 'Who the server takes the caller for.', result: WhoAmI } },
    handler: ({ principal }) => whoAmI(principal, uuid),
  });

  app.route({
    method: 'GET',
    url: '/auth/scopes',
    config: { declared: { access: 'anybody', summary: 'The roles and scopes of the caller.', result: Scopes } },
    handler: ({ principal }) => ({ roles: principal.roles.toSorted(), scopes: [...principal.scopes].toSorted() }),
  });

  app.route({
    method: 'POST',
    url: '/auth/ws-ticket',
    config: {
      declared: {
        access: 'anybody',
        summary: 'A ticket that opens one WebSocket (`?ticket=`) from the same page, within `expires_in` seconds.',
        result: Ticket,
      },
    },
    handler: ({ principal, headers }) => {
      if (principal.scopes.size === 0) throw coded('TICKET_NEEDS_CREDENTIALS', {});
      return app.parts.tickets.issue(principal, headers.origin);
    },
  });
}

const whoAmI = ({ name }: Principal, uuid: string) => ({
  uuid,
  type: 'user',
  identities: [{ id: name, provider: ANONYMOUS_PROVIDER, latest_login: null }],
  api_keys: [],
  sessions: [],
  latest_activity: null,
  // Empty here in the original, too; `/auth/scopes` tells them.
  roles: [],
  scopes: [],
  api_key_scopes: null,
});
