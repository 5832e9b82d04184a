import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { freePort } from '../epics/free-port.ts';

export const CLIENT = { client_id: 'beamgate', client_secret: 'a-secret-of-the-client' };

const PEOPLE: Readonly<Record<string, object>> = {
  alice: { preferred_username: 'alice.a', groups: ['/staff', '/visitors'] },
  bob: { preferred_username: 'bob.b', groups: ['/visitors'] },
};

/**
 * A real OpenID Connect provider on loopback. Whoever comes to its page is signed in as `user` says, and consents. It can
 * change its keys, as providers do.
 */
export async function startIdentityProvider(redirectUri: string) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const state = { user: 'alice' };
  let provider = await makeProvider(issuer, redirectUri);
  const server = createServer((request, response) => {
    const isInteraction = request.url?.startsWith('/interaction/') === true;
    const done = isInteraction
      ? interact(provider, { request, response }, state.user)
      : provider.callback()(request, response);
    done.catch((error: unknown) => response.writeHead(500).end(String(error)));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    issuer,
    state,
    /** From now on everything is signed by a key that nobody has seen. */
    async rotateKeys() {
      provider = await makeProvider(issuer, redirectUri);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

let keys = 0;

async function makeProvider(issuer: string, redirectUri: string): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: `key-${keys++}`, use: 'sig', alg: 'RS256' };
  return new Provider(issuer, {
    clients: [
      {
        ...CLIENT,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['a key for cookies'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
    scopes: ['openid', 'profile', 'email'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, deviceFlow: { enabled: true } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
    ttl: {
      Interaction: 60,
      Session: 60,
      Grant: 60,
      DeviceCode: 60,
      AccessToken: 60,
      IdToken: 60,
      AuthorizationCode: 60,
    },
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function interact(provider: Provider, { request, response }: Exchange, user: string): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: user } });
  }
  const grant = new provider.Grant({ accountId: session?.accountId ?? user, clientId: params.client_id });
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(' '));
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}
