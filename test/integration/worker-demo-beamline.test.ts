import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { demoRecords } from '../../src/sim-ioc/demo-database.ts';
import { startIoc, type Ioc } from '../../src/sim-ioc/ioc.ts';
import { Transports } from '../../src/worker/devices/epics/transports.ts';
import { FakeManager, itemText } from '../support/fake-manager.ts';
import { onlyThisIoc } from '../support/epics/simulated-beamline.ts';
import { WorkerPlace } from '../support/worker-process.ts';

const DEMO = fileURLToPath(new URL('../../examples/demo-beamline', import.meta.url));

async function demoBeamline() {
  const ioc = await startIoc({ records: demoRecords() });
  const place = new WorkerPlace({ startup: { profile: null, dir: DEMO, module: null }, epics: onlyThisIoc(ioc) });
  return {
    ioc,
    place,
    m1: (field: string): number => ioc.database.record('BGDEMO:m1').field(field).number,
    async [Symbol.asyncDispose](): Promise<void> {
      await ioc.close();
      place[Symbol.dispose]();
    },
  };
}

const untilM1Moves = (ioc: Ioc): Promise<void> =>
  expect.poll(() => ioc.database.record('BGDEMO:m1').field('DMOV').number, { interval: 5 }).toBe(0);

const longMove = { item_uid: 'far', item: itemText({ name: 'mv', args: ['m1', 90] }, 'far') };

test('a scan moves the motor record, and its eleven events with a peak are in the run file', async () => {
  await using demo = await demoBeamline();
  await using _worker = await demo.place.start();
  await using manager = await FakeManager.greeted(demo.place.settings.link);
  const opened = await manager.openEnvironment();
  expect(opened.devices['m1']).toMatchObject({
    classname: 'EpicsMotor',
    module: 'ophyd.epics_motor',
    is_movable: true,
  });
  expect(Object.keys(opened.devices)).toEqual(
    expect.arrayContaining(['m1', 'm2', 'peak', 'counter', 'shutter', 'scaler', 'det1', 'motor']),
  );

  const finished = await manager.run({ name: 'scan', args: [['peak'], 'm1', -1, 1, 11] });

  expect(finished).toMatchObject({ exit_status: 'completed', msg: '', traceback: '' });
  expect(demo.m1('RBV')).toBeCloseTo(1, 3);
  // The last line of a run file is on disk shortly after the item has ended.
  await expect.poll(() => demo.place.runFile(finished.run_uids[0] ?? '').at(-1)?.[0]).toBe('stop');
  const documents = demo.place.runFile(finished.run_uids[0] ?? '');
  const events = documents.filter(([name]) => name === 'event').map(([, event]) => event['data'] as Event);
  type Event = { m1: number; m1_user_setpoint: number; peak: number };
  expect(documents.map(([name]) => name)).toEqual(['start', 'descriptor', ...Array(11).fill('event'), 'stop']);
  for (const [index, { m1, m1_user_setpoint: setpoint }] of events.entries()) {
    expect(setpoint).toBeCloseTo(-1 + 0.2 * index);
    expect(m1).toBeCloseTo(setpoint, 3);
  }
  const counts = events.map(({ peak }) => peak);
  expect(counts.indexOf(Math.max(...counts))).toBe(5);
  expect(counts[5]).toBeCloseTo(1010);
});

test('what moves is stopped when the plan is halted in an emergency', async () => {
  await using demo = await demoBeamline();
  await using _worker = await demo.place.start();
  await using manager = await FakeManager.greeted(demo.place.settings.link);
  await manager.openEnvironment();
  await manager.request('run_item', longMove);
  await untilM1Moves(demo.ioc);

  expect(await manager.request('emergency_halt', {})).toEqual({ halted: true });

  await expect.poll(() => demo.m1('DMOV')).toBe(1);
  expect(demo.m1('RBV')).toBeLessThan(90);
  expect(await manager.report('item_finished')).toMatchObject({ exit_status: 'halted' });
});

test('a worker that is asked to end stops what moves', async () => {
  await using demo = await demoBeamline();
  await using worker = await demo.place.start();
  await using manager = await FakeManager.greeted(demo.place.settings.link);
  await manager.openEnvironment();
  await manager.request('run_item', longMove);
  await untilM1Moves(demo.ioc);

  worker.signal('SIGTERM');

  expect(await manager.report('item_finished')).toMatchObject({ exit_status: 'aborted' });
  await manager.report('environment_closed');
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  await expect.poll(() => demo.m1('DMOV')).toBe(1);
  expect(demo.m1('RBV')).toBeLessThan(90);

  // It ended in order: the next worker has nothing to look after.
  await using _next = await demo.place.start();
  await using later = await FakeManager.greeted(demo.place.settings.link, { epoch: 2 });
  await later.openEnvironment();
  expect(later.reports.map(({ report }) => report.type)).toEqual(['environment_opened']);
});

test('what a killed worker left moving is stopped by the next one, before it opens anything', async () => {
  await using demo = await demoBeamline();
  await using worker = await demo.place.start();
  await using manager = await FakeManager.greeted(demo.place.settings.link);
  await manager.openEnvironment();
  await manager.request('run_item', longMove);
  await untilM1Moves(demo.ioc);

  worker.signal('SIGKILL');
  await worker.exited;
  await using _next = await demo.place.start();
  await using later = await FakeManager.greeted(demo.place.settings.link, { epoch: 2 });
  await later.openEnvironment();

  expect(later.reports.map(({ report }) => report)).toMatchObject([
    { type: 'motion_recovered', stopped: ['BGDEMO:m1.VAL'], left: [] },
    { type: 'environment_opened' },
  ]);
  await expect.poll(() => demo.m1('DMOV')).toBe(1);
  expect(demo.m1('RBV')).toBeLessThan(90);
});

test('a motor that somebody else has sent elsewhere meanwhile is left alone', async () => {
  // Given a motion that a killed worker left, and another client that takes the motor over
  await using demo = await demoBeamline();
  await using worker = await demo.place.start();
  await using manager = await FakeManager.greeted(demo.place.settings.link);
  await manager.openEnvironment();
  await manager.request('run_item', longMove);
  await untilM1Moves(demo.ioc);
  worker.signal('SIGKILL');
  await worker.exited;
  const log = { begin: () => () => undefined };
  using transports = new Transports(onlyThisIoc(demo.ioc), log, () => undefined);
  const setpoint = transports.backend('ca://BGDEMO:m1.VAL');
  await setpoint.connect(5);
  await setpoint.put(-90, { wait: false });
  await setpoint.get();

  // When the next worker looks at it
  await using _next = await demo.place.start();
  await using later = await FakeManager.greeted(demo.place.settings.link, { epoch: 2 });

  // Then it says why it does nothing, and the motor goes on
  expect(await later.report('motion_recovered')).toMatchObject({
    stopped: [],
    left: [{ pv: 'BGDEMO:m1.VAL', why: 'its set-point is -90 and not ours (90): someone else is driving' }],
  });
  expect(demo.m1('DMOV')).toBe(0);
});

test('a beamline whose IOC is away is opened all the same, and its other devices work', async () => {
  const nobody = { EPICS_CA_ADDR_LIST: '127.0.0.1:1', EPICS_CA_AUTO_ADDR_LIST: 'NO' };
  using place = new WorkerPlace({ startup: { profile: null, dir: DEMO, module: null }, epics: nobody });
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);

  await manager.openEnvironment();

  expect(await manager.run({ name: 'count', args: [['det1']] })).toMatchObject({ exit_status: 'completed' });
});

test('nothing is opened before what a dead worker left has been looked at, however long that takes', async () => {
  const nobody = { EPICS_CA_ADDR_LIST: '127.0.0.1:1', EPICS_CA_AUTO_ADDR_LIST: 'NO' };
  using place = new WorkerPlace({ epics: nobody });
  const left = { motion: 1, stop: 'X.STOP', setpoint: 'X.VAL', done: 'X.DMOV', value: 1, at: Date.now() / 1000 };
  writeFileSync(join(place.settings.run_dir, 'motions.jsonl'), `${JSON.stringify(left)}\n`);
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);

  await manager.openEnvironment();

  expect(manager.reports.map(({ report }) => report)).toMatchObject([
    { type: 'motion_recovered', stopped: [], left: [{ pv: 'X.VAL', why: expect.stringContaining('Not connected') }] },
    { type: 'environment_opened' },
  ]);
});
