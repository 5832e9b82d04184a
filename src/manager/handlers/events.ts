import { LONGEST_WAIT_S, MOST_EVENTS } from '../../protocol/events.ts';
import { CodedError, coded } from '../../protocol/error-codes.ts';
import type * as eventMethods from '../../protocol/methods/events.ts';
import { RefusalWith } from '../control/refused.ts';
import { RawText } from '../control/reply.ts';
import type { RequestParams } from '../control/request-params.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { WholeFloat } from '../../lib/raw-json.ts';
import type { EventLog } from '../events/event-log.ts';
import type { EventWaiters } from '../events/event-waiters.ts';
import type { NumberedEvent } from '../store/store.ts';
import type { HandlersOf } from './handlers-of.ts';

interface Parts {
  readonly events: Pick<EventLog, 'after' | 'first' | 'last'>;
  readonly waiters: Pick<EventWaiters, 'until'>;
}

export function eventHandlers({ events, waiters }: Parts): HandlersOf<typeof eventMethods> {
  const texts = new WeakMap<NumberedEvent, string>();
  /** However many wait for an event, its text is made once. */
  const textOf = (event: NumberedEvent): string => {
    const text = texts.get(event) ?? JSON.stringify(event);
    texts.set(event, text);
    return text;
  };

  return {
    async events_get(params) {
      const asked = numberIn(params, 'after', { min: 0, isWhole: true });
      const limit = numberIn(params, 'limit', { min: 1, max: MOST_EVENTS, isWhole: true }) ?? MOST_EVENTS;
      const waitS = numberIn(params, 'wait_s', { min: 0, max: LONGEST_WAIT_S }) ?? 0;
      const after = asked ?? (await events.first()) - 1;
      try {
        if (after <= events.last) await waiters.until(after, waitS * 1000);
        const page = await events.after(after, limit);
        return { events: new RawText(`[${page.map(textOf).join(',')}]`), last_event: events.last };
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        throw new RefusalWith(error, { first_event: await events.first(), last_event: events.last });
      }
    },
  };
}

type Asked = RequestParams<'after' | 'limit' | 'wait_s'>;
interface Limits {
  readonly min: number;
  readonly max?: number;
  readonly isWhole?: true;
}

/** undefined when it is not given. @throws INVALID_REQUEST */
function numberIn(params: Asked, name: 'after' | 'limit' | 'wait_s', { min, max, isWhole }: Limits) {
  const value = params.view(name);
  if (value === undefined || value === null) return undefined;
  const number = value instanceof WholeFloat && !isWhole ? Number(value) : value;
  const isFine = typeof number === 'number' && number >= min && number <= (max ?? Number.MAX_SAFE_INTEGER);
  if (isFine && (!isWhole || Number.isInteger(number))) return number;
  const range = max === undefined ? `from ${min}` : `from ${min} to ${max}`;
  const rule = `a ${isWhole ? 'whole ' : ''}number ${range}`;
  throw coded('INVALID_REQUEST', { what: `Parameter '${name}'`, rule, received: repr(value) });
}
