import { Type } from 'typebox';
import { arrayText, elements, members, objectText } from '../lib/raw-json.ts';
import { coded } from '../protocol/error-codes.ts';
import type { Method } from '../protocol/methods/define-method.ts';
import type { App } from './declaration.ts';
import { declarationOf, signed } from './forward.ts';
import { paramsOf, valueOf } from './request-params.ts';
import { sendSnapshot } from './snapshot-reply.ts';

const Page = Type.Object({
  offset: Type.Optional(Type.Integer({ minimum: 0, description: 'how many items are passed over; 0 if absent' })),
  limit: Type.Optional(Type.Integer({ minimum: 0, description: 'how many items at most; all if absent' })),
});

/** The reply in its parts, cut once as long as the snapshot lives. */
interface Cut {
  readonly parts: ReadonlyMap<string, string>;
  readonly items: readonly string[];
}

/**
 * Serves a method that lists items, all of them or a page: with `offset` or `limit` the reply also says how many there are in
 * all, as `total`.
 */
export function servePages(app: App, url: string, method: Method): void {
  const cuts = new WeakMap<Buffer, Cut>();
  const declared = declarationOf(method);
  app.route({
    method: 'GET',
    url,
    config: {
      declared: {
        ...declared,
        params: Page,
        result: Type.Object({
          ...method.result.properties,
          total: Type.Optional(Type.Integer({ minimum: 0, description: 'with offset or limit: how many there are' })),
        }),
      },
    },
    handler: async (request, reply) => {
      const asked = paramsOf(request, Page);
      const params = signed(method, request.principal, new Map());
      const all = await app.parts.manager.read(method, params, { trace: request.id });
      if (asked.size === 0) return sendSnapshot(reply, all);
      const cut = cuts.get(all) ?? cutOf(all);
      cuts.set(all, cut);
      return sendSnapshot(reply, pageOf(cut, { offset: count(asked, 'offset'), limit: count(asked, 'limit') }));
    },
  });
}

/** @throws INVALID_REQUEST */
function count(asked: ReadonlyMap<string, string>, name: 'offset' | 'limit'): number | undefined {
  const value = valueOf(asked, name);
  if (value === undefined || (Number.isInteger(value) && (value as number) >= 0)) return value as number | undefined;
  throw coded('INVALID_REQUEST', {
    what: `'${name}'`,
    rule: 'a whole number from 0',
    received: String(asked.get(name)),
  });
}

function cutOf(all: Buffer): Cut {
  const parts = members(all.toString());
  return { parts, items: elements(parts.get('items') ?? '[]') };
}

function pageOf({ parts, items }: Cut, { offset = 0, limit = items.length }: PageAsked): Buffer {
  const page = new Map(parts).set('items', arrayText(items.slice(offset, offset + limit)));
  return Buffer.from(objectText(page.set('total', String(items.length))));
}

interface PageAsked {
  readonly offset: number | undefined;
  readonly limit: number | undefined;
}
