import { Type } from 'typebox';
import { ApiKeyWithSecret, keyShape, PrincipalShape, principalShape } from './account-shapes.ts';
import { Done, DONE, FirstEight, firstEightOf } from './api-keys.ts';
import { accountsOf, actorOf } from './caller.ts';
import type { App } from './declaration.ts';
import { ApiKeyWanted, keyWanted } from './key-wanted.ts';

interface OfPrincipal {
  Params: { uuid: string };
}

/** Everybody who has signed in, for administrators. */
export function principalRoutes(app: App): void {
  app.route({
    method: 'GET',
    url: '/auth/principal',
    config: {
      declared: {
        access: 'admin:read:principals',
        summary: 'Everybody who has signed in, with identities, sessions and API keys.',
        result: Type.Array(PrincipalShape),
      },
    },
    handler: async () => (await accountsOf(app.parts).all()).map(principalShape),
  });

  app.route<OfPrincipal>({
    method: 'GET',
    url: '/auth/principal/:uuid',
    config: {
      declared: {
        access: 'admin:read:principals',
        summary: 'One principal, with identities, sessions and API keys.',
        result: PrincipalShape,
      },
    },
    handler: async ({ params }) => principalShape(await accountsOf(app.parts).account(params.uuid)),
  });

  app.route<OfPrincipal>({
    method: 'POST',
    url: '/auth/principal/:uuid/apikey',
    config: {
      declared: {
        access: 'admin:apikeys',
        summary: 'Make an API key for somebody else. It may do what they may, or some of it.',
        params: ApiKeyWanted,
        result: ApiKeyWithSecret,
      },
    },
    handler: async (request) => {
      const accounts = accountsOf(app.parts);
      const { uuid } = request.params;
      const owner = { principal: uuid, scopes: await accounts.scopesOf(uuid) };
      const { key, secret } = await accounts.keys.make(owner, keyWanted(request), actorOf(request));
      return { ...keyShape(key), secret };
    },
  });

  app.route<OfPrincipal>({
    method: 'DELETE',
    url: '/auth/principal/:uuid/apikey',
    config: {
      declared: {
        access: 'admin:apikeys',
        summary: 'Revoke a key of somebody else. Sockets that it has opened are closed.',
        params: FirstEight,
        result: Done,
      },
    },
    handler: async (request) => {
      await accountsOf(app.parts).keys.revoke(request.params.uuid, firstEightOf(request), actorOf(request));
      return DONE;
    },
  });

  for (const [word, isDisabled, summary] of [
    ['disable', true, 'Let somebody in no more: their tokens and keys open nothing, and their sockets are closed.'],
    ['enable', false, 'Let somebody in again.'],
  ] as const) {
    app.route<OfPrincipal>({
      method: 'POST',
      url: `/auth/principal/:uuid/${word}`,
      config: { declared: { access: 'admin:apikeys', summary, result: Done } },
      handler: async (request) => {
        await accountsOf(app.parts).disable(request.params.uuid, isDisabled, actorOf(request));
        return DONE;
      },
    });
  }
}
