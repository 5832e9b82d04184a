import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { credentialsOf } from '../auth/credentials.ts';
import { coded } from '../protocol/error-codes.ts';
import { ApiKey, ApiKeyWithSecret, keyShape } from './account-shapes.ts';
import { accountsOf, actorOf, standingOf } from './caller.ts';
import type { App } from './declaration.ts';
import { FieldError, missing } from './field-error.ts';
import { ApiKeyWanted, keyWanted } from './key-wanted.ts';
import { paramsOf, valueOf } from './request-params.ts';

export const FirstEight = Type.Object({
  first_eight: Type.String({ description: 'the first eight digits of the key' }),
});
export const Done = Type.Object({ success: Type.Boolean(), msg: Type.String() });
/** Exactly this: the Python client compares it. */
export const DONE = { success: true, msg: '' };

/** Keys of one's own. */
export function apiKeyRoutes(app: App): void {
  app.route({
    method: 'POST',
    url: '/auth/apikey',
    config: {
      declared: {
        access: 'user:apikeys',
        summary: 'Make an API key. It may do what you may, or some of it; its secret is told this once.',
        params: ApiKeyWanted,
        result: ApiKeyWithSecret,
      },
    },
    handler: async (request) => {
      const { principal, keyScopes } = standingOf(request);
      const owner = { principal, scopes: request.principal.scopes, shown: keyScopes };
      const { key, secret } = await accountsOf(app.parts).keys.make(owner, keyWanted(request), actorOf(request));
      return { ...keyShape(key), secret };
    },
  });

  app.route({
    method: 'GET',
    url: '/auth/apikey',
    config: { declared: { access: 'public', summary: 'The API key that is shown.', result: ApiKey } },
    handler: async ({ headers, query }) => {
      const shown = credentialsOf(headers.authorization, query as Record<string, unknown>);
      if (shown.kind !== 'api-key') throw coded('NO_API_KEY', {});
      return keyShape(await accountsOf(app.parts).keys.shown(shown.key));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/auth/apikey',
    config: {
      declared: {
        access: 'user:apikeys',
        summary: 'Delete a key of your own. Sockets that it has opened stay open.',
        params: FirstEight,
        result: Done,
      },
    },
    handler: async (request) => {
      const { principal } = standingOf(request);
      await accountsOf(app.parts).keys.delete(principal, firstEightOf(request), actorOf(request));
      return DONE;
    },
  });
}

/** @throws FieldError */
export function firstEightOf(request: FastifyRequest): string {
  const firstEight = valueOf(paramsOf(request, FirstEight), 'first_eight');
  if (typeof firstEight !== 'string') throw new FieldError([missing('query', 'first_eight')]);
  return firstEight;
}
