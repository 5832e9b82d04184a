import { Type } from 'typebox';
import { coded } from '../protocol/error-codes.ts';
import {
  emergencyStop,
  reAbort,
  reHalt,
  reMetadata,
  rePause,
  reResume,
  reRuns,
  reStop,
} from '../protocol/methods/run-engine.ts';
import type { App } from './declaration.ts';
import { declarationOf, forward, sendJson, signed } from './forward.ts';
import { preparedReply } from './reply-text.ts';
import { paramsOf, valueOf } from './request-params.ts';

const RUN_OPTIONS = ['active', 'open', 'closed'] as const;

/** The manager waits for the worker, and for the death of one that does not answer. */
const EMERGENCY_MS = 15_000;

export function runEngineRoutes(app: App): void {
  forward(app, 'POST', '/re/pause', rePause);
  forward(app, 'POST', '/re/resume', reResume);
  forward(app, 'POST', '/re/stop', reStop);
  forward(app, 'POST', '/re/abort', reAbort);
  forward(app, 'POST', '/re/halt', reHalt);
  forward(app, 'GET', '/re/metadata', reMetadata);

  app.route({
    method: 'POST',
    url: '/re/emergency_stop',
    config: { declared: { ...declarationOf(emergencyStop), params: Type.Object({}) } },
    handler: async (request, reply) => {
      // Whatever stands in the body: nothing about it is a reason to refuse.
      const params = signed(emergencyStop, request.principal, new Map());
      const options = { trace: request.id, timeoutMs: EMERGENCY_MS };
      return sendJson(
        reply,
        preparedReply(emergencyStop, await app.parts.manager.call(emergencyStop, params, options)),
      );
    },
  });

  app.route({
    method: 'POST',
    url: '/re/runs',
    config: { declared: declarationOf(reRuns) },
    handler: async (request, reply) => {
      const option = runOption(valueOf(paramsOf(request, reRuns.params), 'option') ?? 'active');
      return sendJson(reply, await app.parts.manager.read(reRuns, option, { trace: request.id }));
    },
  });
  for (const option of RUN_OPTIONS) {
    app.route({
      method: 'GET',
      url: `/re/runs/${option}`,
      config: { declared: { ...declarationOf(reRuns), params: Type.Object({}) } },
      handler: async (request, reply) =>
        sendJson(reply, await app.parts.manager.read(reRuns, runOption(option), { trace: request.id })),
    });
  }
}

/** The client library of the original refuses others before it asks the manager, so the HTTP answer is a 400. */
function runOption(option: unknown): string {
  if ((RUN_OPTIONS as readonly unknown[]).includes(option)) return JSON.stringify({ option });
  const supported = `(None, ${RUN_OPTIONS.map((name) => `'${name}'`).join(', ')})`;
  throw coded('UNSUPPORTED_OPTION', { option: String(option), supported });
}
