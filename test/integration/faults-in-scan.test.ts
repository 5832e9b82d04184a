import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { demoRecords } from '../../src/sim-ioc/demo-database.ts';
import { type Ioc, startIoc } from '../../src/sim-ioc/ioc.ts';
import { TextRecord } from '../../src/sim-ioc/records/text.ts';
import { FakeManager, itemText } from '../support/fake-manager.ts';
import { onlyThisIoc } from '../support/epics/simulated-beamline.ts';
import { WorkerPlace } from '../support/worker-process.ts';

const DEMO = fileURLToPath(new URL('../../examples/demo-beamline', import.meta.url));
const SLOW_SCAN = { name: 'scan', args: [['peak'], 'm1', 0, 40, 3] };
const QUICK = { name: 'scan', args: [['peak'], 'm1', 0, 1, 2] };

/** A worker on the demo beamline, whose IOC lives in this process and may be ended, frozen and started again. */
class FaultyBeamline implements AsyncDisposable {
  #ioc: Ioc | null;
  readonly #stack: AsyncDisposableStack;
  readonly manager: FakeManager;

  private constructor(ioc: Ioc, manager: FakeManager, stack: AsyncDisposableStack) {
    this.#ioc = ioc;
    this.manager = manager;
    this.#stack = stack;
  }

  static async start(): Promise<FaultyBeamline> {
    const stack = new AsyncDisposableStack();
    const ioc = await startIoc({ records: demoRecords() });
    const epics = { ...onlyThisIoc(ioc), EPICS_CA_CONN_TMO: '1' };
    const place = stack.use(new WorkerPlace({ startup: { profile: null, dir: DEMO, module: null }, epics }));
    stack.use(await place.start());
    const manager = stack.use(await FakeManager.greeted(place.settings.link));
    await manager.openEnvironment();
    return new FaultyBeamline(ioc, manager, stack);
  }

  get ioc(): Ioc {
    if (this.#ioc === null) throw new Error('the IOC is down');
    return this.#ioc;
  }

  /** Its power is cut; gives where it was. */
  async loseIoc(): Promise<{ udpPort: number; tcpPort: number }> {
    const { udpPort, tcpPort } = this.ioc;
    await this.ioc.close();
    this.#ioc = null;
    return { udpPort, tcpPort };
  }

  /** The same IOC, booted again at the same place. */
  async bootIoc(place: { udpPort: number; tcpPort: number }, records = demoRecords()): Promise<void> {
    this.#ioc = await startIoc({ records, ...place });
  }

  /** In the middle of its way to the second point. */
  async midScan(): Promise<void> {
    await this.manager.request('run_item', { item_uid: 'scan', item: itemText(SLOW_SCAN, 'scan') });
    await expect.poll(() => this.m1('RBV'), { interval: 5, timeout: 5000 }).toBeGreaterThan(1);
  }

  m1(field: string): number {
    return this.ioc.database.record('BGDEMO:m1').field(field).number;
  }

  /** A point has been read, or is about to be. */
  hasExposed(): boolean {
    const acquire = this.ioc.database.record('BGDEMO:peak:acquire');
    return acquire.field('VAL').number === 1 && acquire.field('PACT').number === 0;
  }

  /** So that the motor is still on its way when the connection is back. */
  slowDown(): void {
    const record = this.ioc.database.record('BGDEMO:m1');
    record.put(record.field('VELO'), 2);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
    await this.#ioc?.close();
  }
}

describe('in the middle of a scan', () => {
  test('an IOC that dies fails the plan with the PV in the reason, and is used again when it is back', async () => {
    await using beamline = await FaultyBeamline.start();
    await beamline.midScan();

    const place = await beamline.loseIoc();

    const failed = await beamline.manager.report('item_finished');
    expect(failed).toMatchObject({ exit_status: 'failed', msg: expect.stringContaining('ca://BGDEMO:m1.VAL') });
    await beamline.bootIoc(place);
    // Connected again without anybody asking: the environment stays open.
    await expect
      .poll(async () => (await beamline.manager.run(QUICK)).exit_status, { interval: 200, timeout: 15_000 })
      .toBe('completed');
    expect(beamline.m1('RBV')).toBeCloseTo(1);
  });

  test('an IOC that freezes fails the plan within its time, and its motor is stopped when it wakes', async () => {
    await using beamline = await FaultyBeamline.start();
    beamline.slowDown();
    await beamline.midScan();

    beamline.ioc.faults.freeze();
    const failed = await beamline.manager.report('item_finished');
    expect(failed).toMatchObject({ exit_status: 'failed', msg: expect.stringContaining('was lost in motion') });
    expect(beamline.m1('DMOV')).toBe(0);
    beamline.ioc.faults.thaw();

    await expect.poll(() => beamline.m1('DMOV'), { interval: 5, timeout: 10_000 }).toBe(1);
    expect(beamline.m1('RBV')).toBeLessThan(20);
  });

  test('a freeze that is shorter than its time costs nothing', async () => {
    await using beamline = await FaultyBeamline.start();
    await beamline.midScan();

    beamline.ioc.faults.freezeFor(0.5);

    expect(await beamline.manager.report('item_finished')).toMatchObject({ exit_status: 'completed' });
    expect(beamline.m1('RBV')).toBeCloseTo(40);
  });

  test('a network that is cut fails the plan, and the motor is stopped when it is whole again', async () => {
    await using beamline = await FaultyBeamline.start();
    beamline.slowDown();
    await beamline.midScan();
    const fields = ['VAL', 'DMOV', 'STOP'].map((field) => `BGDEMO:m1.${field}`);

    for (const pv of fields) beamline.ioc.faults.hide(pv);
    beamline.ioc.faults.dropCircuits();
    const failed = await beamline.manager.report('item_finished');
    expect(failed).toMatchObject({ exit_status: 'failed', msg: expect.stringContaining('was lost in motion') });
    expect(beamline.m1('DMOV')).toBe(0);
    for (const pv of fields) beamline.ioc.faults.hide(pv, false);

    await expect.poll(() => beamline.m1('DMOV'), { interval: 5, timeout: 15_000 }).toBe(1);
    expect(beamline.m1('RBV')).toBeLessThan(20);
  });

  test('an IOC that comes back with another type for a PV fails what reads it, in a sentence', async () => {
    await using beamline = await FaultyBeamline.start();
    const count = { name: 'count', args: [['peak']], kwargs: { num: 2, delay: 4 } };
    await beamline.manager.request('run_item', { item_uid: 'count', item: itemText(count, 'count') });
    await expect.poll(() => beamline.hasExposed()).toBe(true);

    const place = await beamline.loseIoc();
    const others = demoRecords().filter(({ name }) => name !== 'BGDEMO:peak');
    await beamline.bootIoc(place, [...others, new TextRecord('BGDEMO:peak', 'stringin', { value: 'broken' })]);

    expect(await beamline.manager.report('item_finished')).toMatchObject({
      exit_status: 'failed',
      msg: 'Plan failed: ca://BGDEMO:peak is of dtype string now, and was described as number',
    });
  });

  test('a second IOC with the same PVs changes nothing for a scan under way', async () => {
    await using beamline = await FaultyBeamline.start();
    await beamline.midScan();

    const twin = await startIoc({ records: demoRecords() });
    const outcome = await beamline.manager.report('item_finished');
    const moved = twin.database.record('BGDEMO:m1').field('RBV').number;
    await twin.close();

    expect(outcome).toMatchObject({ exit_status: 'completed' });
    expect(moved).toBe(0);
  });
});
