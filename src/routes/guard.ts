import type { FastifyRequest, RouteOptions } from 'fastify';
import { credentialsOf } from '../auth/credentials.ts';
import { NOBODY } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import { invalidTicket, Refusal, requireScope } from '../auth/refusal.ts';
import type { Scope } from '../protocol/methods/define-method.ts';
import { actorOf } from './caller.ts';
import type { App, RouteDeclaration } from './declaration.ts';

/**
 * Asks of every request who makes it, and lets it pass to its route when they may. A route that does not say what it
 * asks for ends the boot: forgetting is not the same as being public.
 */
export function guard(app: App): void {
  const routes: RouteOptions[] = [];
  app.decorateRequest<Principal | null>('principal', null);
  app.decorate('routeTable', routes);
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onReady', (done) => done(undeclared(routes)));
  app.addHook('onRequest', async (request) => {
    request.principal = NOBODY;
    const { declared } = request.routeOptions.config;
    if (declared === undefined || declared.access === 'public') return;
    try {
      await admit(app, request, declared);
    } catch (error) {
      noteRefusal(app, request, error);
      throw error;
    }
  });
}

async function admit(app: App, request: FastifyRequest, { access, isSocket }: RouteDeclaration): Promise<void> {
  const scope = access as Scope | 'anybody';
  const asked = { origin: request.headers.origin, ...(scope === 'anybody' ? {} : { scope }) };
  const credentials = credentialsOf(request.headers.authorization, request.query as Record<string, unknown>);
  // A ticket opens one socket. Were it good elsewhere, it could fetch the next one, long after what it was made with is gone.
  if (credentials.kind === 'ticket' && isSocket !== true) throw invalidTicket();
  request.principal = await app.parts.admission.principalOf(credentials, asked);
  // A socket that shows nothing may say who opens it in its first message.
  if (isSocket === true && credentials.kind === 'none') return;
  if (scope !== 'anybody') requireScope(request.principal, scope);
}

/** Showing nothing is no attempt: pages ask who they are. */
function noteRefusal(app: App, request: FastifyRequest, error: unknown): void {
  if (!(error instanceof Refusal) || error.code === 'NO_CREDENTIALS') return;
  const { method, routeOptions } = request;
  app.parts.audit.record(actorOf(request), { what: 'refused', method, url: routeOptions.url, why: error.message });
}

/** Preflights carry no credentials and answer nothing but what origins may ask. */
function undeclared(routes: readonly RouteOptions[]): Error | undefined {
  const silent = routes.filter(({ method, config }) => config?.declared === undefined && method !== 'OPTIONS');
  if (silent.length === 0) return undefined;
  const names = silent.map(({ method, url }) => `${String(method)} ${url}`).join(', ');
  return new Error(`Routes must declare the scope they need, or that they are public: ${names}`);
}
