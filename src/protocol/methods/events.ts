import { Type } from 'typebox';
import { LONGEST_WAIT_S, ManagerEvent, MOST_EVENTS } from '../events.ts';
import { defineMethod } from './define-method.ts';

/**
 * The events behind number `after` (0: from the first one; if absent: all that are kept), oldest first. With `wait_s` a
 * request that finds none is answered as soon as there is one, or without any when the time is over. The log is bounded:
 * `after` before what is kept, or beyond what has happened, is refused, and the reply says where the log begins and ends.
 */
export const eventsGet = defineMethod({
  name: 'events_get',
  summary: 'The numbered log of what has happened; may wait for the next event.',
  access: { scope: 'read:monitor' },
  params: {
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_EVENTS })),
    wait_s: Type.Optional(Type.Number({ minimum: 0, maximum: LONGEST_WAIT_S })),
  },
  result: {
    events: Type.Array(ManagerEvent),
    first_event: Type.Optional(Type.Integer({ description: 'in a refusal: number of the oldest event that is kept' })),
    last_event: Type.Integer({ description: 'number of the newest event; 0 when there was none' }),
  },
});
