import type { FastifyRequest } from 'fastify';
import type { Method } from '../protocol/methods/define-method.ts';
import type { App } from './declaration.ts';
import { preparedReply } from './reply-text.ts';

/** As the original's gateway. */
const WAIT_MS = 2000;

interface Question {
  readonly method: Method;
  /** The text of the params, signed. */
  readonly params: string;
  /** How long the client waits; 2 s if absent. */
  readonly waitMs?: number | undefined;
}

/** What the manager answers to a write; at most once for the `Idempotency-Key` that the request may carry. */
export function askOnce(app: App, request: FastifyRequest, question: Question): Promise<Buffer> {
  const { manager, answers } = app.parts;
  const { method, params, waitMs = WAIT_MS } = question;
  const ask = async (timeoutMs: number) =>
    preparedReply(method, await manager.call(method, params, { trace: request.id, timeoutMs }));
  return answers.answerTo(request, { params, waitMs, isAway: manager.link === 'away' }, ask);
}
