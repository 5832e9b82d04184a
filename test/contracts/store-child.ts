import { openRedisStore } from '../../src/manager/store/redis/redis.ts';
import { openSqliteStore } from '../../src/manager/store/sqlite.ts';
import type { StoreEvent } from '../../src/manager/store/store.ts';

/**
 * Writes to the store that the first argument names, a file or a Redis, until it is killed: `append` adds items, one a commit, and tells
 * each UID; `run` takes the first of them as the running one before; `batch <count>` tells when it begins one commit.
 */
const [place = '', mode, count = '0'] = process.argv.slice(2);
const store = place.startsWith('redis:')
  ? await openRedisStore({ address: place, namePrefix: 'contract', tell: () => undefined })
  : await openSqliteStore(place);
const told = (uid: string): Promise<void> => new Promise((done) => process.send?.(uid, () => done()));
const anItem = (n: number) => ({ uid: `item-${n}`, text: `{"name":"scan","item_uid":"item-${n}"}` });
const anEvent = (n: number): StoreEvent => ({ kind: 'item_added', at: n, item_uid: `item-${n}` });

if (mode === 'batch') {
  const numbers = Array.from({ length: Number(count) }, (_, n) => n);
  const committed = store.commit([{ type: 'add', items: numbers.map(anItem), before: null }], numbers.map(anEvent));
  await told('begun');
  await committed;
  await told('committed');
  setInterval(() => undefined, 1000); // Waits for the end that is to come.
} else {
  for (let n = 0; ; n++) {
    const item = anItem(n);
    await store.commit([{ type: 'add', items: [item], before: null }], [anEvent(n)]);
    if (mode === 'run' && n === 0)
      await store.commit(
        [
          { type: 'remove', items: [item] },
          { type: 'run', item },
        ],
        [],
      );
    await told(item.uid);
  }
}
