import { Type } from 'typebox';
import { LONGEST_WAIT_S, MOST_EVENTS } from '../protocol/events.ts';
import { eventsGet } from '../protocol/methods/events.ts';
import type { App } from './declaration.ts';
import { declarationOf, sendJson } from './forward.ts';
import { paramsOf, valueOf } from './request-params.ts';
import { numberWithin, presenceOf } from './waiting.ts';

const { after, limit } = eventsGet.params.properties;
const Asked = Type.Object({
  after,
  limit,
  wait: Type.Optional(
    Type.Number({ minimum: 0, maximum: LONGEST_WAIT_S, description: 'seconds to wait for an event', examples: [30] }),
  ),
});

/** The manager's log, page by page. Whoever waits, waits here: one request of the gateway waits at the manager for all. */
export function eventRoutes(app: App): void {
  app.route({
    method: 'GET',
    url: '/events',
    config: { declared: { ...declarationOf(eventsGet), params: Asked } },
    handler: async (request, reply) => {
      const { feed, waiters } = app.parts;
      const given = paramsOf(request, Asked);
      const since = numberWithin('after', valueOf(given, 'after'), {
        min: 0,
        max: Number.MAX_SAFE_INTEGER,
        isWhole: true,
      });
      const most = numberWithin('limit', valueOf(given, 'limit'), { min: 1, max: MOST_EVENTS, isWhole: true });
      const wait = numberWithin('wait', valueOf(given, 'wait'), { min: 0, max: LONGEST_WAIT_S }) ?? 0;
      const asked = {
        ...(since === undefined ? {} : { after: since }),
        ...(most === undefined ? {} : { limit: most }),
      };
      let page = await feed.page(asked);
      if (page.events.length === 0 && wait > 0 && since !== undefined) {
        await feed.begin();
        await waiters.untilPast({ after: since, waitMs: wait * 1000, signal: presenceOf(reply) });
        page = await feed.page(asked);
      }
      const { events, last } = page;
      return sendJson(reply, Buffer.from(JSON.stringify({ success: true, msg: '', events, last_event: last })));
    },
  });
}
