import { describe, expect, test } from 'vitest';
import { type CaChannel, type CaContext, DBR } from '../../../src/epics/index.ts';
import type { MotorOptions } from '../../../src/sim-ioc/records/motor/motor-fields.ts';
import { MotorRecord } from '../../../src/sim-ioc/records/motor/motor-record.ts';
import { clientOf, Collected, secondsSince } from '../../support/epics/clients.ts';
import { simIoc, type TestIoc } from '../../support/epics/sim-ioc.ts';

// What the real motor record does, seen by a client: the table of the reference, section 8, a test a row.

type Seen = readonly [what: string, value: unknown];

/** A motor record, and a client with monitors on what the table speaks of. All is on one circuit, so in order. */
class WatchedMotor implements AsyncDisposable {
  readonly #ioc: TestIoc;
  readonly #client: CaContext;
  readonly #channels = new Map<string, CaChannel>();
  readonly #seen = new Collected<Seen>();
  /** Wakes who waits, each time that something is seen. */
  #news = Promise.withResolvers<void>();

  private constructor(ioc: TestIoc) {
    this.#ioc = ioc;
    this.#client = clientOf([ioc]);
  }

  /** 20 mm/s, reached in 50 ms; soft limits at 100 mm and switches just beyond, unless told. */
  static async with(options: MotorOptions = {}): Promise<WatchedMotor> {
    const record = new MotorRecord('T:m1', {
      velocity: 20,
      acceleration: 0.05,
      limits: [-100, 100],
      switches: [-110, 110],
      ...options,
    });
    const motor = new WatchedMotor(await simIoc([record]));
    for (const name of ['RBV', 'DMOV', 'HLS', 'LLS']) {
      (await motor.#channel(name)).subscribe(({ value }) => motor.#note(name, value));
    }
    await motor.#seen.take(4);
    motor.#seen.all.length = 0;
    return motor;
  }

  get seen(): readonly Seen[] {
    return this.#seen.all;
  }

  /** The values that a field took, in order. */
  valuesOf(name: string): unknown[] {
    return this.seen.filter(([what]) => what === name).map(([, value]) => value);
  }

  async get(name: string): Promise<number> {
    const { value } = await (await this.#channel(name)).get();
    return Number(value);
  }

  async text(name: string): Promise<unknown> {
    return (await (await this.#channel(name)).get({ type: DBR.STRING })).value;
  }

  /** Severity and condition, as they come with RBV. */
  async alarm(): Promise<{ status?: number | undefined; severity?: number | undefined }> {
    const { status, severity } = await (await this.#channel('RBV')).get({ form: 'time' });
    return { status, severity };
  }

  /** Written without a callback: resolves when it is on its way. */
  async write(name: string, value: number | string): Promise<void> {
    await (await this.#channel(name)).put(value, { wait: false });
  }

  /** A put-callback; that it was answered is noted like an event, as `answer`. */
  async put(name: string, value: number | string): Promise<void> {
    await (await this.#channel(name)).put(value);
    this.#note('answer', value);
  }

  /** Resolves when a field has been seen with a value for which this holds. */
  async until(name: string, holds: (value: number) => boolean): Promise<void> {
    while (!this.seen.some(([what, value]) => what === name && holds(Number(value)))) await this.#news.promise;
  }

  /** All that is on its way has been seen: the answer to a get comes after the events before it. */
  async settled(): Promise<void> {
    await this.get('DMOV');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    await this.#ioc.close();
  }

  async #channel(name: string): Promise<CaChannel> {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const channel = await this.#client.channel(`T:m1.${name}`).waitForConnection(5);
    this.#channels.set(name, channel);
    return channel;
  }

  #note(what: string, value: unknown): void {
    this.#seen.add([what, value]);
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}

describe('a put-callback to VAL', () => {
  test('one unit away is answered when motion has ended, after the events of RBV and DMOV', async () => {
    await using motor = await WatchedMotor.with();
    await motor.put('VAL', 1);
    expect(motor.seen[0]).toEqual(['DMOV', 0]);
    expect(motor.seen.slice(-3)).toEqual([
      ['RBV', 1],
      ['DMOV', 1],
      ['answer', 1],
    ]);
    expect(await motor.get('MISS')).toBe(0);
  });

  test('of the present position is answered at once, with DMOV 0 and 1', async () => {
    await using motor = await WatchedMotor.with();
    await motor.get('VAL');
    const start = performance.now();
    await motor.put('VAL', 0);
    expect(secondsSince(start)).toBeLessThan(0.2);
    expect(motor.seen).toEqual([
      ['DMOV', 0],
      ['DMOV', 1],
      ['answer', 0],
    ]);
  });

  test('below the dead-band moves nothing, and is no error', async () => {
    await using motor = await WatchedMotor.with();
    await motor.put('VAL', 0.0005);
    expect(motor.seen).toEqual([
      ['DMOV', 0],
      ['DMOV', 1],
      ['answer', 0.0005],
    ]);
    expect(await motor.get('RBV')).toBe(0);
    expect(await motor.get('MISS')).toBe(0);
    expect(await motor.alarm()).toEqual({ status: 0, severity: 0 });
  });

  test('beyond a soft limit is a success at once: LVIO is 1 and VAL is the old value', async () => {
    await using motor = await WatchedMotor.with();
    await motor.put('VAL', 2);
    const before = motor.seen.length;

    await motor.put('VAL', 101);

    expect(motor.seen.slice(before)).toEqual([
      ['DMOV', 0],
      ['DMOV', 1],
      ['answer', 101],
    ]);
    expect([await motor.get('LVIO'), await motor.get('VAL'), await motor.get('RBV')]).toEqual([1, 2, 2]);
    await motor.put('VAL', 1);
    expect(await motor.get('LVIO')).toBe(0);
  });

  test('that is stopped in flight is a success: VAL is overwritten by RBV, and MISS is 0', async () => {
    await using motor = await WatchedMotor.with();
    const put = motor.put('VAL', 50);
    await motor.until('RBV', (position) => position > 0.5);

    await motor.write('STOP', 1);
    await put;

    expect(motor.seen.slice(-2)).toEqual([
      ['DMOV', 1],
      ['answer', 50],
    ]);
    const stoppedAt = await motor.get('RBV');
    expect(stoppedAt).toBeGreaterThan(0.5);
    expect(stoppedAt).toBeLessThan(50);
    expect(await motor.get('VAL')).toBe(stoppedAt);
    expect(await motor.get('MISS')).toBe(0);
    expect(await motor.get('STOP')).toBe(0);
  });

  test('while another is in flight starts only after that has ended', async () => {
    await using motor = await WatchedMotor.with();
    await Promise.all([motor.put('VAL', 1), motor.put('VAL', -1)]);
    expect(motor.valuesOf('DMOV')).toEqual([0, 1, 0, 1]);
    expect(motor.valuesOf('answer')).toEqual([1, -1]);
    const first = motor.seen.findIndex(([what]) => what === 'answer');
    expect(motor.seen.slice(first)).toContainEqual(['DMOV', 1]);
    expect(motor.valuesOf('RBV')).toContain(1);
    expect(motor.valuesOf('RBV').at(-1)).toBe(-1);
  });

  test('into a limit switch is a success without an alarm: HLS is 1, and RBV still creeps', async () => {
    await using motor = await WatchedMotor.with({ switches: [-110, 2] });
    await motor.put('VAL', 50);

    expect(motor.valuesOf('DMOV')).toEqual([0, 1]);
    expect([await motor.get('HLS'), await motor.get('LLS'), await motor.get('TDIR')]).toEqual([1, 0, 1]);
    expect(await motor.alarm()).toEqual({ status: 0, severity: 0 });
    const ended = motor.seen.findIndex(([what, value]) => what === 'DMOV' && value === 1);
    const atEnd = motor.seen.slice(0, ended).findLast(([what]) => what === 'RBV')?.[1];
    expect(atEnd).toBeCloseTo(2, 6);
    await motor.until('RBV', (position) => position > 2);
    expect(motor.seen.slice(0, ended).filter(([what, value]) => what === 'RBV' && Number(value) > 2)).toEqual([]);
  });

  test('into the low switch says LLS; with HLSV set it is an alarm, which goes when the motor goes back', async () => {
    await using motor = await WatchedMotor.with({ switches: [-2, 110] });
    await motor.put('HLSV', 'MAJOR');
    await motor.put('VAL', -50);
    expect([await motor.get('HLS'), await motor.get('LLS'), await motor.get('TDIR')]).toEqual([0, 1, 0]);
    expect(await motor.alarm()).toMatchObject({ severity: 2 });

    await motor.put('VAL', 0);
    expect([await motor.get('LLS'), await motor.get('RBV')]).toEqual([0, 0]);
    expect(await motor.alarm()).toEqual({ status: 0, severity: 0 });
  });
});

describe('a plain write of VAL', () => {
  test('has made DMOV 0 when DMOV is read next on the same circuit', async () => {
    await using motor = await WatchedMotor.with();
    await motor.write('VAL', 1);
    expect(await motor.get('DMOV')).toBe(0);
    await motor.until('DMOV', (done) => done === 1);
    expect(await motor.get('RBV')).toBe(1);
  });

  test('in flight is the new target: DMOV stays 0 on the way, and the put-callback is answered there', async () => {
    await using motor = await WatchedMotor.with();
    const put = motor.put('VAL', 50);
    await motor.until('RBV', (position) => position > 0.5);

    await motor.write('VAL', -1);
    await put;

    expect(motor.seen.slice(-3)).toEqual([
      ['RBV', -1],
      ['DMOV', 1],
      ['answer', 50],
    ]);
    expect(motor.valuesOf('DMOV').filter((done) => done === 1)).toHaveLength(1);
    expect(Math.max(...motor.valuesOf('RBV').map(Number))).toBeLessThan(50);
  });
});

test('SET names the present place anew: OFF and the limits go with it, and nothing moves', async () => {
  await using motor = await WatchedMotor.with();
  await motor.put('VAL', 1);
  await motor.put('SET', 'Set');
  await motor.put('VAL', 11);
  await motor.put('SET', 'Use');

  const names = ['OFF', 'VAL', 'RBV', 'DRBV', 'HLM', 'LLM', 'DHLM', 'DMOV'];
  expect(await Promise.all(names.map((name) => motor.get(name)))).toEqual([10, 11, 11, 1, 110, -90, 100, 1]);
  await motor.put('VAL', 10);
  expect([await motor.get('RBV'), await motor.get('DRBV')]).toEqual([10, 0]);
});

test('OFF that is written names the place anew, too', async () => {
  await using motor = await WatchedMotor.with();
  await motor.put('OFF', 5);
  expect([await motor.get('VAL'), await motor.get('RBV'), await motor.get('DRBV')]).toEqual([5, 5, 0]);
  expect(motor.valuesOf('DMOV')).toEqual([]);
});

describe('SPMG', () => {
  test('Pause brakes and keeps the target, and Go goes on to it', async () => {
    await using motor = await WatchedMotor.with();
    const put = motor.put('VAL', 8);
    await motor.until('RBV', (position) => position > 0.5);
    await motor.write('SPMG', 'Pause');
    await motor.until('DMOV', (done) => done === 1);
    const pausedAt = await motor.get('RBV');
    expect(pausedAt).toBeLessThan(8);
    expect(await motor.get('VAL')).toBe(8);

    await motor.write('SPMG', 'Go');
    await put;
    await motor.until('RBV', (position) => position === 8);
  });

  test('Stop is STOP, and holds: what is written meanwhile moves nothing before Go', async () => {
    await using motor = await WatchedMotor.with();
    const put = motor.put('VAL', 50);
    await motor.until('RBV', (position) => position > 0.5);
    await motor.write('SPMG', 'Stop');
    await put;
    const stoppedAt = await motor.get('RBV');
    expect(await motor.get('VAL')).toBe(stoppedAt);

    await motor.write('VAL', 0);
    await motor.settled();
    expect(await motor.get('RBV')).toBe(stoppedAt);
    await motor.write('SPMG', 'Go');
    await motor.until('RBV', (position) => position === 0);
  });

  test('Move is one move, and then Pause', async () => {
    await using motor = await WatchedMotor.with();
    await motor.put('SPMG', 'Move');
    await motor.put('VAL', 1);
    expect([await motor.get('RBV'), await motor.text('SPMG')]).toEqual([1, 'Pause']);
  });
});

test('a tweak is a step of TWV from VAL, forward and back, and its button comes out again', async () => {
  await using motor = await WatchedMotor.with();
  await motor.put('TWV', 0.5);
  await motor.put('TWF', 1);
  expect([await motor.get('VAL'), await motor.get('RBV'), await motor.get('TWF')]).toEqual([0.5, 0.5, 0]);
  await motor.put('TWR', 1);
  expect([await motor.get('VAL'), await motor.get('RBV'), await motor.get('TWR')]).toEqual([0, 0, 0]);
});

test.each([
  ['JOGF', 1],
  ['JOGR', -1],
])('%s moves until it is released; VAL is where it ended', async (button, sign) => {
  await using motor = await WatchedMotor.with();
  await motor.write(button, 1);
  await motor.until('RBV', (position) => sign * position > 0.5);
  await motor.write(button, 0);
  await motor.until('DMOV', (done) => done === 1);

  const endedAt = await motor.get('RBV');
  expect(sign * endedAt).toBeGreaterThan(0.5);
  expect([await motor.get('VAL'), await motor.get('MISS')]).toEqual([endedAt, 0]);
});

test.each(['HOMF', 'HOMR'])(
  '%s goes to the home position of the dial, and its button comes out again',
  async (button) => {
    await using motor = await WatchedMotor.with({ position: 1 });
    await motor.put(button, 1);
    expect(motor.valuesOf('DMOV')).toEqual([0, 1]);
    expect([await motor.get('DRBV'), await motor.get('VAL'), await motor.get(button)]).toEqual([0, 0, 0]);
  },
);

test('a velocity of 0 and a limit of NaN leave a motor that can be stopped', async () => {
  await using motor = await WatchedMotor.with();
  await motor.put('DHLM', NaN);
  await motor.put('VELO', 0);
  await motor.write('VAL', 1);
  expect(await motor.get('DMOV')).toBe(0);
  await motor.write('STOP', 1);
  await motor.until('DMOV', (done) => done === 1);
});
