import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { invalidToken } from '../auth/refusal.ts';
import { coded } from '../protocol/error-codes.ts';
import { Done, DONE } from './api-keys.ts';
import { accountsOf, callerOf } from './caller.ts';
import type { App } from './declaration.ts';
import { FieldError, missing } from './field-error.ts';
import { paramsOf, valueOf } from './request-params.ts';

export const Tokens = Type.Object({
  access_token: Type.String(),
  expires_in: Type.Integer({ description: 'seconds' }),
  refresh_token: Type.String({ description: 'good once' }),
  refresh_token_expires_in: Type.Integer({ description: 'seconds' }),
  token_type: Type.Literal('bearer'),
});
const SignInForm = Type.Object({ username: Type.String(), password: Type.String() });
const RefreshWanted = Type.Object({ refresh_token: Type.String() });

/** How a session begins, goes on and ends. */
export function signInRoutes(app: App): void {
  app.route<{ Params: { provider: string } }>({
    method: 'POST',
    url: '/auth/provider/:provider/token',
    config: {
      declared: {
        access: 'public',
        summary: 'Sign in with a user name and a password, sent as a form.',
        params: SignInForm,
        consumes: 'application/x-www-form-urlencoded',
        result: Tokens,
      },
    },
    handler: async (request) => {
      const accounts = app.parts.accounts;
      const provider = accounts?.providers.find(({ name }) => name === request.params.provider);
      if (!accounts || provider?.authenticator.mode !== 'password') throw coded('NOT_FOUND', {});
      const { name, authenticator } = provider;
      return accounts.sessions.signInWithPassword({ name, authenticator }, formOf(request), callerOf(request));
    },
  });

  app.route({
    method: 'POST',
    url: '/auth/session/refresh',
    config: {
      declared: {
        access: 'public',
        summary: 'The next access and refresh token of a session. A refresh token is good once.',
        params: RefreshWanted,
        result: Tokens,
      },
    },
    handler: async (request) => {
      const token = valueOf(paramsOf(request, RefreshWanted), 'refresh_token');
      if (token === undefined) throw new FieldError([missing('body', 'refresh_token')]);
      if (app.parts.accounts === null || typeof token !== 'string') throw invalidToken();
      return app.parts.accounts.sessions.refresh(token, callerOf(request));
    },
  });

  app.route<{ Params: { session_id: string } }>({
    method: 'DELETE',
    url: '/auth/session/revoke/:session_id',
    config: { declared: { access: 'anybody', summary: 'End a session of your own.', result: Done } },
    handler: async (request) => {
      await accountsOf(app.parts).sessions.end(request.params.session_id, request.principal, callerOf(request));
      return DONE;
    },
  });

  app.route({
    method: 'POST',
    url: '/auth/logout',
    config: {
      declared: { access: 'anybody', summary: 'End the session whose token is shown.', result: Type.Object({}) },
    },
    handler: async (request) => {
      const session = request.principal.standing?.session;
      if (session !== undefined) {
        await accountsOf(app.parts).sessions.end(session, request.principal, callerOf(request));
      }
      return {};
    },
  });
}

/** The OAuth2 password form; more fields than these two may stand in it. */
function formOf({ body, headers }: FastifyRequest): { userName: string; password: string } {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const form = new URLSearchParams(isForm && typeof body === 'string' ? body : '');
  const [userName, password] = [form.get('username'), form.get('password')];
  const faults = [
    ...(userName === null ? [missing('body', 'username')] : []),
    ...(password === null ? [missing('body', 'password')] : []),
  ];
  if (userName === null || password === null) throw new FieldError(faults);
  return { userName, password };
}
