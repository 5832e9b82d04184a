import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { beamgate, Beamline } from '../support/beamline.ts';
import { schemaErrors } from '../support/event-model/validate.ts';

describe('a beamline that was just started', () => {
  test('moves a motor for a scan that was sent over REST, and leaves its documents in a run file', async () => {
    // Given an open environment
    await using beamline = await Beamline.start();
    await beamline.openEnvironment();

    // When a scan is submitted and the queue started
    const uid = await beamline.add('scan', [['peak'], 'm1', -1, 1, 11]);
    await beamline.must('POST', '/queue/start');
    await beamline.until((status) => status.items_in_history === 1 && status.manager_state === 'idle');

    // Then the history has it as completed, and the run file its eleven events with the motor where it was sent
    const [item] = await beamline.history();
    expect(item).toMatchObject({ item_uid: uid, result: { exit_status: 'completed', msg: '', traceback: '' } });
    const documents = beamline.documents(item?.result?.run_uids[0] as string);
    const events = documents.filter(([name]) => name === 'event').map(([, event]) => event['data'] as { m1: number });
    expect(documents.map(([name]) => name)).toEqual(['start', 'descriptor', ...Array(11).fill('event'), 'stop']);
    expect(documents[0]?.[1]).toMatchObject({ queue_item_uid: uid, plan_name: 'scan' });
    for (const [name, document] of documents) expect(schemaErrors(name, document)).toEqual([]);
    for (const [index, { m1 }] of events.entries()) expect(m1).toBeCloseTo(-1 + 0.2 * index, 2);
  });

  test('says where it is, how to try it and where data goes', async () => {
    await using beamline = await Beamline.start();

    expect(beamline.output).toContain(`Beamgate is ready: ${beamline.url}`);
    expect(beamline.output.match(/^ {2}curl /gm)).toHaveLength(3);
    expect(beamline.output).toContain(`Data goes to ${beamline.dataDir}`);
  });

  test('never writes a key that came through the environment', async () => {
    await using beamline = await Beamline.start();
    expect(existsSync(join(beamline.dataDir, 'single-user-key'))).toBe(false);
    expect(existsSync(join(beamline.dataDir, 'auth-header'))).toBe(false);
  });

  test('stops in order within 5 s on Ctrl-C, and leaves nothing running', async () => {
    await using beamline = await Beamline.start();

    const { code, ms } = await beamline.stop('SIGINT');

    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
    expect(beamline.running()).toEqual([]);
  });

  test('aborts a plan that runs when it is stopped, with its clean-up, and files that with the reason', async () => {
    // Given a scan under way
    await using beamline = await Beamline.start();
    await beamline.openEnvironment();
    const uid = await beamline.add('scan', [['peak'], 'm1', -50, 50, 3]);
    await beamline.must('POST', '/queue/start');
    const openRuns = async () => (await beamline.must('POST', '/re/runs', { option: 'open' }))['run_list'];
    await expect.poll(openRuns).toHaveLength(1);

    // When everything is stopped, and started again
    expect(await beamline.stop('SIGTERM')).toMatchObject({ code: 0 });
    await beamline.startAgain();

    // Then the history knows it as aborted, and its run has a stop document
    const [item] = await beamline.history();
    expect(item).toMatchObject({ item_uid: uid, result: { exit_status: 'aborted' } });
    expect(item?.result?.msg).not.toBe('');
    expect(beamline.documents(item?.result?.run_uids[0] as string).at(-1)).toMatchObject([
      'stop',
      { exit_status: 'abort' },
    ]);
  });

  test('is found by `beamgate ps` and ended by `beamgate stop`', async () => {
    await using beamline = await Beamline.start();

    const ps = await beamgate(['ps', '--data-dir', beamline.dataDir]);
    for (const name of ['ioc', 'worker', 'manager', 'gateway'])
      expect(ps.output).toMatch(new RegExp(`^${name} +ready`, 'm'));

    const stop = await beamgate(['stop', '--data-dir', beamline.dataDir]);
    expect(stop.code).toBe(0);
    expect(beamline.running()).toEqual([]);
  });

  test('refuses a second start on its folder and on its ports, naming who holds them', async () => {
    await using beamline = await Beamline.start();

    const sameFolder = await beamgate(beamline.startArguments);
    expect(sameFolder).toMatchObject({ code: 1 });
    expect(sameFolder.output).toMatch(/data directory .* is held by 'beamgate start', pid \d+/);

    const samePorts = await beamgate([...beamline.startArguments, '--data-dir', `${beamline.dataDir}/other`]);
    expect(samePorts).toMatchObject({ code: 1 });
    expect(samePorts.output).toMatch(/tcp:\/\/127\.0\.0\.1:\d+ is held by pid \d+/);
  });

  test('after `manager_stop` has no manager and no worker, and its gateway says so', async () => {
    await using beamline = await Beamline.start();

    await beamline.must('POST', '/manager/stop');
    await expect.poll(() => beamline.running(), { timeout: 10_000 }).toEqual(['gateway', 'ioc']);

    const response = await fetch(`${beamline.url}/api/health/ready`);
    expect(response.status).toBe(503);
  });
});

test('a key made at the first start is for its owner alone, and opens the door', async () => {
  await using beamline = await Beamline.start();
  await beamline.stop();
  const environment = { QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY: '' };
  const started = beamgate(beamline.startArguments, environment);
  await expect.poll(() => existsSync(join(beamline.dataDir, 'auth-header')), { timeout: 10_000 }).toBe(true);

  const keyFile = join(beamline.dataDir, 'single-user-key');
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const key = readFileSync(keyFile, 'utf8');
  await expect
    .poll(
      async () => {
        const reply = await fetch(`${beamline.url}/api/status`, { headers: { authorization: `ApiKey ${key}` } });
        return reply.status;
      },
      { timeout: 10_000 },
    )
    .toBe(200);

  await beamgate(['stop', '--data-dir', beamline.dataDir]);
  const { output } = await started;
  expect(output).not.toContain(key);
});

test('Ctrl-C in the middle of the start takes down what was started, and starts nothing more', async () => {
  await using beamline = await Beamline.start();
  await beamline.stop();
  const started = beamline.startAgain().then(
    () => 'ready',
    () => 'ended',
  );
  await expect.poll(() => beamline.output, { timeout: 10_000, interval: 5 }).toContain('ioc: initializing');

  await beamline.stop('SIGINT');

  expect(await started).toBe('ended');
  expect(beamline.running()).toEqual([]);
});
