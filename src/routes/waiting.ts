import type { FastifyReply } from 'fastify';
import { coded } from '../protocol/error-codes.ts';

/** A number of a request, within limits. @throws INVALID_REQUEST */
export function numberWithin(
  name: string,
  value: unknown,
  { min, max, isWhole }: { min: number; max: number; isWhole?: true },
): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  const rule = `a ${isWhole ? 'whole ' : ''}number ${range}`;
  throw coded('INVALID_REQUEST', { what: `'${name}'`, rule, received: JSON.stringify(value) });
}

/** Aborted when the client goes away: then nobody is left to wait for. */
export function presenceOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
