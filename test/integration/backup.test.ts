import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPlanQueue } from '../../src/manager/queue/plan-queue.ts';
import { openSqliteStore } from '../../src/manager/store/sqlite.ts';
import { beamgate, Beamline } from '../support/beamline.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a backup that was made while a plan ran is a data directory to start from', async () => {
  // Given a beamline with a finished run, a plan that runs and one that waits
  await using beamline = await Beamline.start({ madeKey: true });
  await beamline.openEnvironment();
  const done = await beamline.add('count', [['peak']], { num: 1 });
  await beamline.must('POST', '/queue/start');
  await beamline.until((status) => status.items_in_history === 1 && status.manager_state === 'idle');
  const running = await beamline.add('count', [['peak']], { num: 1000, delay: 0.05 });
  const waiting = await beamline.add('count', [['peak']], { num: 1 });
  await beamline.must('POST', '/queue/start');
  await beamline.until((status) => status.running_item_uid === running && status.re_state === 'running');

  // When it is backed up, and the backup put in its place
  const { code, output } = await beamgate(['backup', join(folder, 'monday'), '--data-dir', beamline.dataDir]);
  expect(code, output).toBe(0);
  await beamline.stop();
  rmSync(beamline.dataDir, { recursive: true });
  cpSync(join(folder, 'monday'), beamline.dataDir, { recursive: true });
  await beamline.startAgain();

  // Then the key is as it was, the history has what was done, and of what ran it says that nobody knows
  const history = await beamline.history();
  expect(history).toMatchObject([
    { item_uid: done, result: { exit_status: 'completed' } },
    { item_uid: running, result: { exit_status: 'unknown' } },
  ]);
  expect((await beamline.queue()).map(({ item_uid: uid }) => uid)).toEqual([waiting]);
  expect(beamline.documents(history[0]?.result?.run_uids[0] ?? '').map(([name]) => name)).toContain('stop');
  expect(statSync(join(beamline.dataDir, 'single-user-key')).mode & 0o777).toBe(0o600);
});

describe('beamgate backup', () => {
  test('copies a store that is written all the time as it was at one moment', async () => {
    // Given a queue whose items are added in order, without a pause
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    const queue = await openPlanQueue(await openSqliteStore(join(dataDir, 'queue.sqlite')));
    const enough = new AbortController();
    const adding = (async () => {
      for (let n = 0; !enough.signal.aborted; n++) {
        const uid = String(n);
        await queue.add({ uid, text: `{"item_uid":"${uid}","pad":"${'x'.repeat(2000)}"}` }, { pos: 'back' });
        await setImmediate(); // SQLite answers at once: the other process must be heard, too.
      }
    })();

    // When it is copied meanwhile
    const { code, output } = await beamgate(['backup', join(folder, 'copy'), '--data-dir', dataDir]);
    enough.abort();
    await adding;
    const added = queue.size;
    await queue.close();

    // Then the copy has the first of them, without a gap, in one file
    expect(code, output).toBe(0);
    expect(readdirSync(join(folder, 'copy'))).toEqual(['queue.sqlite']);
    const copy = await openPlanQueue(await openSqliteStore(join(folder, 'copy', 'queue.sqlite')));
    const uids = (JSON.parse(copy.queueText()) as { item_uid: string }[]).map(({ item_uid: uid }) => uid);
    await copy.close();
    expect(uids.length).toBeGreaterThan(0);
    expect(uids.length).toBeLessThanOrEqual(added);
    expect(uids).toEqual(uids.map((_, n) => String(n)));
  });

  test('keeps to themselves the secrets of the original, and leaves out what belongs to processes', async () => {
    const dataDir = join(folder, 'data');
    for (const name of ['run', 'logs', 'runs/2026-11-25']) mkdirSync(join(dataDir, name), { recursive: true });
    writeFileSync(join(dataDir, 'run/worker.token'), 'secret');
    writeFileSync(join(dataDir, 'single-user-key'), 'secret', { mode: 0o600 });
    writeFileSync(join(dataDir, 'runs/2026-11-25/a.jsonl'), '[]\n', { mode: 0o644 });
    const target = join(folder, 'new/copy');
    expect((await beamgate(['backup', target, '--data-dir', dataDir])).code).toBe(0);
    expect(readdirSync(target).toSorted()).toEqual(['runs', 'single-user-key']);
    expect(statSync(target).mode & 0o777).toBe(0o700);
    expect(statSync(join(target, 'single-user-key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(target, 'runs/2026-11-25/a.jsonl')).mode & 0o777).toBe(0o644);
  });

  test.each([
    ['a folder with something in it', 'used', /is not empty/],
    ['a folder in the data directory', 'data/backup', /is in the data directory itself/],
  ])('refuses %s', async (_what, target, why) => {
    mkdirSync(join(folder, 'data'));
    mkdirSync(join(folder, 'used'));
    writeFileSync(join(folder, 'used/notes.txt'), 'mine');
    const { code, output } = await beamgate(['backup', join(folder, target), '--data-dir', join(folder, 'data')]);
    expect(code).toBe(1);
    expect(output).toMatch(why);
    expect(readdirSync(join(folder, 'used'))).toEqual(['notes.txt']);
  });

  test('says which store is damaged, and leaves no backup', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(
      join(folder, 'data/queue.sqlite'),
      'no database at all, but long enough to be read as one'.repeat(50),
    );
    const { code, output } = await beamgate(['backup', join(folder, 'copy'), '--data-dir', join(folder, 'data')]);
    expect(code).toBe(1);
    expect(output).toMatch(/queue\.sqlite' cannot be copied: file is not a database/);
    expect(existsSync(join(folder, 'copy'))).toBe(false);
  });
});
