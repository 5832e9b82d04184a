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
    transform: ({ url, route }) => ({ url, schema: schemaOf(route.config?.declared, route.method === 'GET') }),
    transformObject: (document) => withOptionalBodies('openapiObject' in document ? document.openapiObject : {}),
  });
}

/** The pages that show it, for people. They run under a policy that lets no other script in. */
export async function serveDocs(app: App): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, declared: { access: 'public', summary: 'Documentation', isHidden: true } };
  });
  await securePages(app);
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // Its script styles elements one by one; styles run nothing.
    transformStaticCSP: (policy) => policy.replace("style-src 'self' https:", "style-src 'self' 'unsafe-inline'"),
  });
  app.get('/openapi.json', (_request, reply) => reply.send(app.swagger()));
}

const HIDDEN = { hide: true };
const ONCE_HEADERS = {
  type: 'object',
  properties: {
    'Idempotency-Key': {
      type: 'string',
      maxLength: 255,
      description: 'sent again with the same key, the request is not carried out again, and answered as it was',
    },
  },
};

function schemaOf(declared: RouteDeclaration | undefined, isGet: boolean): Record<string, unknown> {
  // OpenAPI has no word for sockets: they are described elsewhere.
  if (declared === undefined || declared.isHidden === true || declared.isSocket === true) return HIDDEN;
  const { access, summary, consumes, produces } = declared;
  const params = askedFor(declared);
  return {
    summary,
    security: access === 'public' ? [] : [{ ApiKey: [] }, { ApiKeyInQuery: [] }],
    ...(declared.path === undefined ? {} : { params: declared.path }),
    ...(params === undefined ? {} : { body: params }),
    // For browsers, which send no body with GET.
    ...(params === undefined || !isGet ? {} : { querystring: params }),
    response: responses(declared),
    ...(declared.isOnce === true ? { headers: ONCE_HEADERS } : {}),
    ...(consumes === undefined ? {} : { consumes: [consumes] }),
    ...(produces === undefined ? {} : { produces: [produces] }),
  };
}

/** What a client may send: not what is filled in for it. */
function askedFor({ params, filledIn = [] }: RouteDeclaration): object | undefined {
  if (params === undefined) return undefined;
  const properties = Object.entries(params.properties).filter(([name]) => !filledIn.includes(name));
  const required = requiredOf(params).filter((name) => !filledIn.includes(name));
  if (properties.length === 0) return undefined;
  const schema = { ...params, properties: Object.fromEntries(properties), required };
  return required.length > 0 ? schema : omit(schema, 'required');
}

function responses({ result, access }: RouteDeclaration): Record<string, unknown> {
  const refusal = { type: 'object', properties: { detail: {} }, required: ['detail'] };
  const unknown = { 401: { description: 'Who are you?', ...refusal }, 403: { description: 'Not you', ...refusal } };
  return {
    200: { description: 'Done, or refused with `success: false`', ...result },
    ...(access === 'public' ? {} : unknown),
    408: { description: 'The manager does not answer', ...refusal },
  };
}

type Document = ReturnType<App['swagger']> & { paths?: Record<string, Record<string, { requestBody?: Body }>> };
interface Body {
  required?: boolean;
  content: Record<string, { schema?: object }>;
}

/** The plug-in calls every body required; most are needed only by whoever has something to say. */
function withOptionalBodies(given: Partial<ReturnType<App['swagger']>>): Document {
  const document = given as Document;
  for (const operation of Object.values(document.paths ?? {}).flatMap((path) => Object.values(path))) {
    const body = operation.requestBody;
    const [content] = Object.values(body?.content ?? {});
    if (body !== undefined) body.required = requiredOf(content?.schema).length > 0;
  }
  return document;
}

function requiredOf(schema: object | undefined): readonly string[] {
  return schema !== undefined && 'required' in schema && Array.isArray(schema.required) ? schema.required : [];
}

function omit<T extends object, K extends keyof T>(from: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = from;
  return rest;
}
