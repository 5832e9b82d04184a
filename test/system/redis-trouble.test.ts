import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PlanQueue } from '../../src/manager/queue/queue-interface.ts';
import { openPlanQueue } from '../../src/manager/queue/plan-queue.ts';
import { openRedisStore } from '../../src/manager/store/redis/redis.ts';
import type { QueueStore } from '../../src/manager/store/store.ts';
import { RedisServer } from '../support/redis.ts';

const QUEUE = 'qs_default_plan_queue';
const LOCK = 'qs_default_lock_info';
const ORIGINAL_KEYS = 'qs_default_[^b]*';
const aPlan = (uid: string) => ({ uid, text: `{"item_type": "plan", "name": "count", "item_uid": "${uid}"}` });
const RESULT = {
  exit_status: 'completed',
  run_uids: [],
  scan_ids: [],
  time_start: 1,
  time_stop: 2,
  msg: '',
  traceback: '',
};

describe('a queue in Redis', () => {
  let redis: RedisServer;
  let store: QueueStore;
  let queue: PlanQueue;
  let told: string[];
  const openStore = () =>
    openRedisStore({ address: redis.address, namePrefix: 'qs_default', tell: (line) => told.push(line) });
  beforeEach(async () => {
    told = [];
    redis = await RedisServer.start();
    store = await openStore();
    queue = await openPlanQueue(store);
  });
  afterEach(async () => {
    await queue.close();
    await redis[Symbol.asyncDispose]();
  });
  const add = (uid: string) => queue.add(aPlan(uid), { pos: 'back' });
  const uidsIn = (texts: string[]) => texts.map((text) => (JSON.parse(text) as { item_uid: string }).item_uid);
  const uidsInRedis = async () => uidsIn(await redis.client.lrange(QUEUE, 0, -1));
  const uidsInMemory = () => (JSON.parse(queue.queueText()) as { item_uid: string }[]).map(({ item_uid }) => item_uid);
  /** Resolves when the store says so. */
  const until = (code: string | null) =>
    new Promise<void>((resolve) => {
      if ((store.trouble?.code ?? null) === code) resolve();
      store.onTrouble((trouble) => (trouble?.code ?? null) === code && resolve());
    });

  test('says when it is opened that this Redis acknowledges before it has written', () => {
    expect(told).toEqual([expect.stringMatching(/acknowledges before it has written to disk \(appendonly no\)/)]);
  });

  describe('whose Redis goes away', () => {
    test('refuses changes by name meanwhile, and takes them when it is back', async () => {
      await add('a');
      await redis.kill();
      await until('STORE_AWAY');
      await expect(add('b')).rejects.toMatchObject({
        code: 'STORE_AWAY',
        message: expect.stringMatching(
          /^The store 'redis:\/\/127.0.0.1:\d+' does not answer since .*nothing can be changed/,
        ),
      });
      await redis.startAgain();
      await until(null);
      await add('c');
      expect(await uidsInRedis()).toEqual(['a', 'c']);
      expect(uidsInMemory()).toEqual(['a', 'c']);
    });

    test('keeps what has happened until it can be written, once', async () => {
      await add('a');
      await add('b');
      await queue.takeNext(1);
      await redis.kill();
      await until('STORE_AWAY');
      const finished = queue.finish(RESULT, { worker_uid: 'w', number: 7 });
      await redis.startAgain();
      await finished;
      await queue.takeNext(2);
      expect(uidsIn(await redis.client.lrange('qs_default_plan_history', 0, -1))).toEqual(['a']);
      expect(await redis.client.get('qs_default_running_plan')).toContain('"item_uid": "b"');
      expect(await uidsInRedis()).toEqual([]);
    });

    test('waits no longer for it when the manager is to end', async () => {
      await add('a');
      await queue.takeNext(1);
      await redis.kill();
      await until('STORE_AWAY');
      const finished = queue.finish(RESULT, null);
      queue.stopWaiting();
      await expect(finished).rejects.toMatchObject({ code: 'STORE_AWAY' });
    });

    test('writes everything anew from memory when it comes back empty', async () => {
      await add('a');
      await add('b');
      await queue.setMode({ loop: true });
      await queue.keep('lock', { text: '{"note": "mine"}', events: [] });
      await redis.kill();
      await until('STORE_AWAY');
      await redis.startAgain();
      await until(null);
      expect(await uidsInRedis()).toEqual(['a', 'b']);
      expect(await redis.client.get('qs_default_plan_queue_mode')).toBe('{"loop":true,"ignore_failures":false}');
      expect(await redis.client.get(LOCK)).toBe('{"note": "mine"}');
      expect(told.at(-1)).toMatch(/missed keys: it was written again from the memory of the manager/);
      // And the log goes on with the next number
      const last = await store.lastEvent();
      await add('c');
      expect((await store.eventsAfter(0, 10)).map(({ number }) => number)).toEqual([last + 1]);
    });

    test('writes everything anew when it comes back with an older state', async () => {
      await add('a');
      await redis.client.call('SAVE');
      await add('b');
      await redis.kill();
      await until('STORE_AWAY');
      await redis.startAgain();
      await until(null);
      expect(await uidsInRedis()).toEqual(['a', 'b']);
    });

    test('takes back a change that was under way, of which nobody was told', async () => {
      await add('a');
      redis.freeze();
      await expect(add('b')).rejects.toMatchObject({ code: 'STORE_AWAY' });
      redis.thaw();
      await until(null);
      await add('c');
      expect(await uidsInRedis()).toEqual(['a', 'c']);
      expect(uidsInMemory()).toEqual(['a', 'c']);
    });
  });

  describe('that somebody else writes to', () => {
    test('is written no more, and says which key was changed', async () => {
      await add('a');
      await redis.client.rpush(QUEUE, aPlan('foreign').text);
      await expect(add('b')).rejects.toMatchObject({
        code: 'STORE_LOST',
        message: expect.stringContaining(`another program changed '${QUEUE}'`),
      });
      await expect(queue.setMode({ loop: true })).rejects.toMatchObject({ code: 'STORE_LOST' });
      expect(await uidsInRedis()).toEqual(['a', 'foreign']);
      expect(uidsInMemory()).toEqual(['a']);
    });

    test('tells it without being asked, within the time of its lease', async () => {
      await add('a');
      await redis.client.set('qs_default_autostart_mode_info', '{"enabled": true}');
      await until('STORE_LOST');
      expect(store.trouble?.message).toContain(`'qs_default_autostart_mode_info'`);
    });

    test('is written anew when its keys were only deleted', async () => {
      await add('a');
      await queue.keep('permissions', { text: '{"user_groups": {}}', events: [] });
      const keys = await redis.client.keys(ORIGINAL_KEYS);
      await redis.client.del(keys);
      await add('b');
      expect(await uidsInRedis()).toEqual(['a', 'b']);
      expect(await redis.client.get('qs_default_user_group_permissions')).toBe('{"user_groups": {}}');
    });

    test('leaves a lock cleared that was cleared by its key, as qserver-clear-lock does', async () => {
      await queue.keep('lock', { text: '{"note": "forgotten"}', events: [] });
      await redis.client.del(LOCK);
      await add('a');
      expect(await redis.client.exists(LOCK)).toBe(0);
      expect(told.at(-1)).toContain('restart the manager to unlock it');
    });
  });

  describe('whose lease ended', () => {
    const expire = () => redis.client.del('qs_default_beamgate_lease');

    test('is held on when nobody took it meanwhile', async () => {
      await expire();
      await add('a');
      expect(await redis.client.exists('qs_default_beamgate_lease')).toBe(1);
    });

    test('is fenced off when another one took it', async () => {
      await add('a');
      await expire();
      const other = await openPlanQueue(await openStore());
      await other.add(aPlan('theirs'), { pos: 'back' });
      await expect(add('b')).rejects.toMatchObject({
        code: 'STORE_LOST',
        message: expect.stringContaining(`process ${process.pid} on`),
      });
      expect(await uidsInRedis()).toEqual(['a', 'theirs']);
      await other.close();
    });
  });

  describe('held on another machine', () => {
    const LEASE = 'qs_default_beamgate_lease';
    const elsewhere = JSON.stringify({ pid: 7, startTicks: '1', host: 'other', system: 'boot', uid: 'u' });
    beforeEach(async () => {
      await queue.close();
      await redis.client.set(LEASE, elsewhere, 'PX', 400);
    });
    const openWith = (tell: (line: string) => void) =>
      openRedisStore({ address: redis.address, namePrefix: 'qs_default', tell });

    test('is taken when the lease there ends, and says meanwhile what it waits for', async () => {
      const opened = await openStore();
      expect(told).toContainEqual(expect.stringMatching(/is held by process 7 on other: its lease ends in 1 s/));
      await opened.close();
    });

    test('is refused when the lease there is renewed', async () => {
      const opened = openWith(() => void redis.client.set(LEASE, elsewhere, 'PX', 5000));
      await expect(opened).rejects.toMatchObject({
        code: 'STORE_HELD',
        message: expect.stringContaining('held by process 7 on other'),
      });
    });
  });

  test('refuses to start on keys of other things, by name', async () => {
    await queue.close();
    await redis.client.rpush(QUEUE, 'a shopping list');
    const opened = await openStore();
    await expect(openPlanQueue(opened)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining(`'${QUEUE}' holds what is no item: a shopping list`),
    });
    await opened.close();
  });

  test('finds items that were written in another form, and drops what has no UID as the original does', async () => {
    await queue.close();
    await redis.client.rpush(QUEUE, '{"item_uid":"compact","kwargs":{"x":1.50}}', '{"name": "lost"}');
    store = await openStore();
    queue = await openPlanQueue(store);
    await add('b');
    await queue.remove({ uid: 'compact' });
    expect(await uidsInRedis()).toEqual(['b']);
  });
});

test('a Redis that is not there is named', async () => {
  const opened = openRedisStore({ address: 'localhost:1', namePrefix: '', tell: () => undefined });
  await expect(opened).rejects.toMatchObject({
    code: 'STORE_FAILED',
    message: expect.stringMatching(/^The store 'redis:\/\/localhost:1' .*ECONNREFUSED/),
  });
});
