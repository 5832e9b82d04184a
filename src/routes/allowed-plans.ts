import type { FastifyRequest } from 'fastify';
import { members } from '../lib/raw-json.ts';
import { plansAllowed } from '../protocol/methods/resources.ts';
import type { App } from './declaration.ts';
import { signed } from './forward.ts';

/** The reply that lists the plans of whoever asks, as one of their groups if `given` names one: the same buffer as long as the list is the same. */
export function allowedPlansReply(
  app: App,
  request: FastifyRequest,
  given: ReadonlyMap<string, string>,
): Promise<Buffer> {
  const params = signed(plansAllowed, request.principal, given);
  return app.parts.manager.read(plansAllowed, params, { trace: request.id });
}

/** Their descriptions, as JSON text. */
export const plansIn = (reply: Buffer): string => members(reply.toString()).get('plans_allowed') ?? '{}';
