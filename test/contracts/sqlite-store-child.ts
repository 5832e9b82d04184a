import { openSqliteStore } from '../../src/manager/store/sqlite.ts';

/** Appends items to the store that the first argument names, one a commit, and tells each UID; until it is killed. */
const [path = '', mode] = process.argv.slice(2);
const store = await openSqliteStore(path);
for (let n = 0; ; n++) {
  const uid = `item-${n}`;
  const item = { uid, text: `{"name":"scan","item_uid":"${uid}"}` };
  await store.commit([{ type: 'add', items: [item], before: null }], [{ kind: 'item_added', at: n, item_uid: uid }]);
  if (mode === 'run' && n === 0) {
    await store.commit(
      [
        { type: 'remove', items: [item] },
        { type: 'run', item },
      ],
      [],
    );
  }
  await new Promise((told) => process.send?.(uid, told));
}
