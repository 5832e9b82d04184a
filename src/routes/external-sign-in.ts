import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { ExternalAuthenticator, Authenticated } from '../auth/authenticators/authenticator.ts';
import type { Accounts } from '../auth/accounts/accounts.ts';
import { Refusal } from '../auth/refusal.ts';
import { coded } from '../protocol/error-codes.ts';
import { callerOf } from './caller.ts';
import type { App } from './declaration.ts';
import { paramsOf, valueOf } from './request-params.ts';
import { Tokens } from './sign-in.ts';

const COOKIE = 'beamgate_sign_in';
const COOKIE_SECONDS = 600;

const DeviceWanted = Type.Object({ device_code: Type.String() });
const DeviceBegun = Type.Object({
  device_code: Type.String(),
  user_code: Type.String({ description: 'for the user to type' }),
  verification_uri: Type.String({ description: 'where the user types it' }),
  verification_uri_complete: Type.Union([Type.String(), Type.Null()]),
  expires_in: Type.Integer({ description: 'seconds' }),
  interval: Type.Integer({ description: 'seconds between two questions' }),
});

interface AtProvider {
  Params: { provider: string };
}
type Asked = FastifyRequest<AtProvider>;

interface External {
  readonly accounts: Accounts;
  readonly name: string;
  readonly authenticator: ExternalAuthenticator;
}

/** Sign-in where somebody else says who it is. */
export function externalSignInRoutes(app: App): void {
  app.route<AtProvider>({
    method: 'GET',
    url: '/auth/provider/:provider/authorize',
    config: {
      declared: { access: 'public', summary: 'Sends a browser to the identity provider.', produces: 'text/html' },
    },
    handler: async (request, reply) => {
      const { name, authenticator } = externalOf(app, request);
      const { url, remembered } = await asked(name, () => authenticator.begin());
      return reply.header('set-cookie', cookieOf(authenticator, remembered, COOKIE_SECONDS)).redirect(url, 302);
    },
  });

  app.route<AtProvider>({
    method: 'GET',
    url: '/auth/provider/:provider/code',
    config: {
      declared: {
        access: 'public',
        summary:
          'Where a browser comes back from the identity provider. Answers with a refresh token, for a command line.',
        result: Type.String(),
      },
    },
    handler: async (request, reply) => {
      const { accounts, name, authenticator } = externalOf(app, request);
      const query = request.url.split('?', 2)[1] ?? '';
      const who = await asked(name, () => authenticator.finish(query, rememberedBy(request)));
      const { refresh_token: token } = await signedIn({ accounts, name, who }, request);
      return sendText(reply.header('set-cookie', cookieOf(authenticator, '', 0)), token);
    },
  });

  app.route<AtProvider>({
    method: 'POST',
    url: '/auth/provider/:provider/device',
    config: {
      declared: { access: 'public', summary: 'Begins the sign-in of a command line.', result: DeviceBegun },
    },
    handler: async (request) => {
      const { name, authenticator } = externalOf(app, request);
      const { devices } = authenticator;
      if (devices === null) throw coded('NOT_FOUND', {});
      const begun = await asked(name, () => devices.begin());
      if (begun === undefined)
        throw coded('PROVIDER_AWAY', { provider: name, reason: 'too many sign-ins are under way' });
      return begun;
    },
  });

  app.route<AtProvider>({
    method: 'POST',
    url: '/auth/provider/:provider/device/token',
    config: {
      declared: {
        access: 'public',
        summary: 'Whether the user has signed a command line in: 400 `authorization_pending` while not.',
        params: DeviceWanted,
        result: Tokens,
      },
    },
    handler: async (request) => {
      const { accounts, name, authenticator } = externalOf(app, request);
      const code = valueOf(paramsOf(request, DeviceWanted), 'device_code');
      const outcome = typeof code === 'string' ? authenticator.devices?.outcomeOf(code) : undefined;
      if (outcome === undefined) throw new Refusal('SIGN_IN_FAILED', {}, 'Bearer');
      if (outcome.is === 'pending') throw coded('SIGN_IN_PENDING', {});
      return signedIn({ accounts, name, who: outcome.who }, request);
    },
  });
}

function externalOf(app: App, { params }: Asked): External {
  const { accounts } = app.parts;
  const provider = accounts?.providers.find(({ name }) => name === params.provider);
  if (!accounts || provider?.authenticator.mode !== 'external') throw coded('NOT_FOUND', {});
  return { accounts, name: provider.name, authenticator: provider.authenticator };
}

/** @throws PROVIDER_AWAY, without what the provider said: it may hold a token */
async function asked<T>(provider: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw coded('PROVIDER_AWAY', { provider, reason: 'it does not answer as it should' }, { cause });
  }
}

interface Answered extends Pick<External, 'accounts' | 'name'> {
  readonly who: Authenticated | undefined;
}

function signedIn({ accounts, name, who }: Answered, request: Asked): ReturnType<Accounts['sessions']['signIn']> {
  if (who === undefined) throw new Refusal('SIGN_IN_FAILED', {}, 'Bearer');
  return accounts.sessions.signIn(name, who, callerOf(request));
}

/** Lax: the browser sends it along when the provider sends the browser back. */
function cookieOf({ cookie }: ExternalAuthenticator, value: string, seconds: number): string {
  const { path, isSecure } = cookie;
  return `${COOKIE}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}

function rememberedBy({ headers }: FastifyRequest<AtProvider>): string {
  const cookies = (headers.cookie ?? '').split(/; */).map((each) => each.split('=', 2));
  return cookies.find(([name]) => name === COOKIE)?.[1] ?? '';
}

const sendText = (reply: FastifyReply, text: string): FastifyReply =>
  reply.header('content-type', 'application/json').header('cache-control', 'no-store').send(JSON.stringify(text));
