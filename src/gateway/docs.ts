import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { securePages } from './security-headers.ts';
import type { App, RouteDeclaration } from '../routes/declaration.ts';

/** The description of what stands in `openapi/openapi.json`, made from what each route declares. */
export async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Beamgate',
        version: '1',
        description: 'Remote and multi-user experiment control at a beamline.',
      },
      components: {
        securitySchemes: {
          ApiKey: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`ApiKey SECRET`' },
          ApiKeyInQuery: { type: 'apiKey', in: 'query', name: 'api_key' },
        },
      },
    },
    transform: ({ url, route }) => ({ url, schema: schemaOf(route.config?.declared) }),
  });
}

/** The pages that show it, for people. They run under a policy that lets no other script in. */
export async function serveDocs(app: App): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, declared: { access: 'public', summary: 'Documentation', isHidden: true } };
  });
  await securePages(app);
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', (_request, reply) => reply.send(app.swagger()));
}

const PATHS_HIDDEN = { hide: true };

function schemaOf(declared: RouteDeclaration | undefined): Record<string, unknown> {
  // OpenAPI has no word for sockets: they are described elsewhere.
  if (declared === undefined || declared.isHidden === true || declared.isSocket === true) return PATHS_HIDDEN;
  const { access, summary, params, produces } = declared;
  const hasParams = params !== undefined && Object.keys(params.properties).length > 0;
  return {
    summary,
    security: access === 'public' ? [] : [{ ApiKey: [] }, { ApiKeyInQuery: [] }],
    ...(hasParams ? { body: params } : {}),
    response: responses(declared),
    ...(produces === undefined ? {} : { produces: [produces] }),
  };
}

function responses({ result, access }: RouteDeclaration): Record<string, unknown> {
  const refusal = { type: 'object', properties: { detail: {} }, required: ['detail'] };
  return {
    200: { description: 'Done, or refused with `success: false`', ...result },
    ...(access === 'public'
      ? {}
      : { 401: { description: 'Who are you?', ...refusal }, 403: { description: 'Not you', ...refusal } }),
    408: { description: 'The manager does not answer', ...refusal },
  };
}
