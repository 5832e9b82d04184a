import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { ANONYMOUS_PROVIDER } from '../auth/access-policy.ts';
import { OUR_SCOPES } from '../auth/roles.ts';
import { coded } from '../protocol/error-codes.ts';
import { PrincipalShape, principalShape, strangerShape } from './account-shapes.ts';
import { accountsOf } from './caller.ts';
import type { App, Parts } from './declaration.ts';

const Scopes = Type.Object({ roles: Type.Array(Type.String()), scopes: Type.Array(Type.String()) });
const Ticket = Type.Object({ ticket: Type.String(), expires_in: Type.Integer({ description: 'seconds' }) });
const About = Type.Object({
  required: Type.Boolean({ description: 'whether who shows nothing may read nothing' }),
  providers: Type.Array(
    Type.Object({
      provider: Type.String(),
      mode: Type.Union([Type.Literal('password'), Type.Literal('external')]),
      links: Type.Object({ auth_endpoint: Type.String() }),
      confirmation_message: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  links: Type.Record(Type.String(), Type.String()),
});

/** Who the server takes the caller for, what that allows, how to sign in, and tickets for the sockets of a browser. */
export function authRoutes(app: App): void {
  // Without an account somebody is known as long as the process lives.
  const uuid = randomUUID();

  app.route({
    method: 'GET',
    url: '/auth/whoami',
    config: {
      declared: { access: 'anybody', summary: 'Who the server takes the caller for.', result: PrincipalShape },
    },
    handler: async ({ principal: { name, standing } }) =>
      standing === null
        ? strangerShape(uuid, name, ANONYMOUS_PROVIDER)
        : principalShape(await accountsOf(app.parts).account(standing.principal)),
  });

  app.route({
    method: 'GET',
    url: '/auth/scopes',
    config: { declared: { access: 'anybody', summary: 'The roles and scopes of the caller.', result: Scopes } },
    handler: ({ principal }) => ({
      roles: principal.roles.toSorted(),
      scopes: [...principal.scopes].filter((scope) => !OUR_SCOPES.has(scope)).toSorted(),
    }),
  });

  app.route({
    method: 'GET',
    url: '/auth/about',
    config: { declared: { access: 'public', summary: 'How one signs in here.', result: About } },
    handler: () => about(app.parts),
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

/** What the original's `about` document says of authentication. */
const about = ({ accounts, allowAnonymousAccess }: Parts) => ({
  required: !allowAnonymousAccess,
  providers: (accounts?.providers ?? []).map(({ name, authenticator }) => ({
    provider: name,
    mode: authenticator.mode,
    links: {
      auth_endpoint:
        authenticator.mode === 'password'
          ? `/api/auth/provider/${name}/token`
          : new URL(authenticator.authorizationEndpoint, `http://here/api/auth/provider/${name}/`).href.replace(
              'http://here',
              '',
            ),
    },
    confirmation_message: authenticator.confirmationMessage ?? null,
  })),
  links: {
    whoami: '/api/auth/whoami',
    apikey: '/api/auth/apikey',
    refresh_session: '/api/auth/session/refresh',
    revoke_session: '/api/auth/session/revoke/{session_id}',
    logout: '/api/auth/logout',
  },
});
