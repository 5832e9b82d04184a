import type { FastifyRequest } from 'fastify';
import { isPlainObject } from '../lib/plain-object.ts';
import { coded } from '../protocol/error-codes.ts';
import type { Scope } from '../protocol/methods/define-method.ts';
import {
  queueClear,
  queueGet,
  queueItemGet,
  queueItemMove,
  queueItemMoveBatch,
  queueItemRemove,
  queueItemRemoveBatch,
  queueItemUpdate,
} from '../protocol/methods/queue.ts';
import type { App } from './declaration.ts';
import { valueOf } from './request-params.ts';

/** Whoever gives rights to others may tidy up behind them. */
const STAFF: Scope = 'write:permissions';

type Params = ReadonlyMap<string, string>;
interface OwnedItem {
  readonly item_uid: string;
  readonly user: string;
}

/**
 * Where items belong to who submitted them, a request that would change, move or remove another's is refused. An item that
 * is named by its place goes on by its UID, so that it is still the one that was looked at. What is not there is for the
 * manager to refuse, in its own words.
 * @throws NOT_YOUR_ITEM
 */
export async function onlyOwnItems(app: App, request: FastifyRequest, method: string, params: Params): Promise<Params> {
  const { principal } = request;
  if (!app.parts.itemsBelongToSubmitter || principal.scopes.has(STAFF)) return params;
  const wanted = WANTED[method];
  if (wanted === undefined) return params;
  const items = await wanted(app, params, request.id);
  const other = items.find(({ user }) => user !== principal.name);
  if (other !== undefined) throw coded('NOT_YOUR_ITEM', { uid: other.item_uid, user: other.user });
  return pinned(method, params, items);
}

const byPlace = (app: App, params: Params, trace: string): Promise<OwnedItem[]> => {
  const place = [...params].filter(([name]) => name === 'uid' || name === 'pos');
  return oneItem(app, Object.fromEntries(place), trace);
};

const listed = async (app: App, params: Params, trace: string): Promise<OwnedItem[]> => {
  const uids = valueOf(params, 'uids');
  const wanted = new Set<unknown>(Array.isArray(uids) ? uids : []);
  return (await allItems(app, trace)).filter(({ item_uid: uid }) => wanted.has(uid));
};

/** Which items a method would change. */
const WANTED: Readonly<Record<string, (app: App, params: Params, trace: string) => Promise<OwnedItem[]>>> = {
  [queueItemRemove.name]: byPlace,
  [queueItemMove.name]: byPlace,
  [queueItemRemoveBatch.name]: listed,
  [queueItemMoveBatch.name]: listed,
  [queueClear.name]: (app, _params, trace) => allItems(app, trace),
  [queueItemUpdate.name]: async (app, params, trace) => {
    const item = valueOf(params, 'item');
    const uid = isPlainObject(item) ? item['item_uid'] : undefined;
    return typeof uid === 'string' ? oneItem(app, { uid: JSON.stringify(uid) }, trace) : [];
  },
};

const PLACED = new Set<string>([queueItemRemove.name, queueItemMove.name]);

function pinned(method: string, params: Params, [item]: readonly OwnedItem[]): Params {
  if (item === undefined || params.has('uid') || !PLACED.has(method)) return params;
  const others = [...params].filter(([name]) => name !== 'pos');
  return new Map([...others, ['uid', JSON.stringify(item.item_uid)]]);
}

async function oneItem(app: App, place: Readonly<Record<string, string>>, trace: string): Promise<OwnedItem[]> {
  const members = Object.entries(place).map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  const reply: unknown = JSON.parse(await app.parts.manager.call(queueItemGet, `{${members.join(',')}}`, { trace }));
  return isPlainObject(reply) && reply['success'] === true ? owned([reply['item']]) : [];
}

async function allItems(app: App, trace: string): Promise<OwnedItem[]> {
  const reply: unknown = JSON.parse(await app.parts.manager.call(queueGet, '{}', { trace }));
  return isPlainObject(reply) && Array.isArray(reply['items']) ? owned(reply['items']) : [];
}

const owned = (items: readonly unknown[]): OwnedItem[] =>
  items.flatMap((item) => {
    if (!isPlainObject(item) || typeof item['item_uid'] !== 'string') return [];
    return { item_uid: item['item_uid'], user: typeof item['user'] === 'string' ? item['user'] : '' };
  });
