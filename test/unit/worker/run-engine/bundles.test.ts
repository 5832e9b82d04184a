import { describe, expect, test } from 'vitest';
import type { Readings } from '../../../../src/worker/devices/protocols.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline, count, Detector, shot } from './beamline.ts';

const create = (name = 'primary', run: unknown = null) => msg('create', null, [], { name }, run);

async function failure(...messages: ReturnType<typeof msg>[]): Promise<string> {
  const outcome = await new Beamline().engine.run(function* (): Plan<void> {
    yield msg('open_run');
    for (const message of messages) yield message;
  });
  return outcome.kind === 'finished' ? `${(outcome.error as Error).name}: ${outcome.reason}` : outcome.kind;
}

/** A detector whose exposure is configuration, and which answers late. */
class Camera extends Detector {
  exposure = 1;
  asked = 0;
  readConfiguration(): Readings {
    this.asked += 1;
    return { [`${this.name}_exposure`]: { value: this.exposure, timestamp: 5 } };
  }
  async describeConfiguration() {
    return { [`${this.name}_exposure`]: { source: 'SIM', dtype: 'number' as const, shape: [] } };
  }
  async configure(exposure: number): Promise<[Readings, Readings]> {
    const before = this.readConfiguration();
    this.exposure = exposure;
    return [before, this.readConfiguration()];
  }
}

describe('a bundle', () => {
  test('makes one event of all that was read', async () => {
    const beamline = new Beamline();
    const [one, other] = [new Detector('a'), new Detector('b')];
    const outcome = await beamline.engine.run(function* (): Plan {
      yield msg('open_run');
      yield create();
      const reading: unknown = yield msg('read', one);
      yield msg('read', other);
      yield msg('save');
      return reading;
    });
    expect(beamline.last('event')).toMatchObject({ data: { a: 0, b: 0 }, timestamps: { a: 17, b: 17 }, filled: {} });
    expect(beamline.last('descriptor')).toMatchObject({
      data_keys: { a: { object_name: 'a' }, b: { object_name: 'b' } },
      object_keys: { a: ['a'], b: ['b'] },
      hints: { a: { fields: ['a'] }, b: { fields: ['b'] } },
    });
    expect(outcome).toMatchObject({ result: { a: { value: 0, timestamp: 17 } } });
  });

  test('that is empty or dropped makes none', async () => {
    const beamline = new Beamline();
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
      yield create();
      yield msg('save');
      yield create();
      yield msg('read', new Detector());
      yield msg('drop');
    });
    expect(beamline.names).toEqual(['start', 'stop']);
  });

  test.each([
    [
      'a second create',
      [create(), create('other')],
      "IllegalMessageSequence: A second 'create' message is not allowed",
    ],
    ['a save without create', [msg('save')], "IllegalMessageSequence: A 'create' message must be sent"],
    ['a drop without create', [msg('drop')], "IllegalMessageSequence: A 'create' message must be sent"],
    [
      'a checkpoint inside',
      [create(), msg('checkpoint')],
      "IllegalMessageSequence: Cannot 'checkpoint' after 'create'",
    ],
    [
      'a configure inside',
      [create(), msg('configure', new Camera())],
      'IllegalMessageSequence: Cannot configure after',
    ],
    ['a create without a name', [msg('create')], "TypeError: Msg('create') now requires a stream name"],
    ['a second open_run', [msg('open_run')], "IllegalMessageSequence: A 'close_run' message was not received before"],
    [
      'a close of another run',
      [msg('close_run', null, [], {}, 'other')],
      "IllegalMessageSequence: A 'close_run' message",
    ],
    [
      'two devices with one key',
      [create(), msg('read', new Detector()), msg('read', new Detector())],
      'Error: Data keys (field names) from det collide with those from det. The colliding keys are det',
    ],
    [
      'a reading of nothing',
      [msg('read', { name: 'd', read: () => null, describe: () => ({}) })],
      'TypeError: The read of d returned null',
    ],
    [
      'a reading that is not as described',
      [
        create(),
        msg('read', { name: 'd', read: () => ({ x: { value: 1, timestamp: 0 } }), describe: () => ({}) }),
        msg('save'),
      ],
      'DocumentError: These sets of keys must match',
    ],
  ])('refuses %s', async (_what, messages, complaint) => {
    expect(await failure(...messages)).toContain(complaint);
  });

  test('must hold the devices of its stream', async () => {
    const [one, other] = [new Detector('a'), new Detector('b')];
    expect(await failure(...shot(one), ...shot(other))).toBe('Error: Mismatched objects read, expected a, got b');
  });

  test('in a stream that was declared finds the descriptor there', async () => {
    const beamline = new Beamline();
    const detector = new Detector();
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
      yield msg('declare_stream', null, [detector], { name: 'primary' });
      yield* shot(detector);
    });
    expect(beamline.names).toEqual(['start', 'descriptor', 'event', 'stop']);
  });

  test('marks what lies in files as not filled, behind the documents that say where', async () => {
    const image = {
      name: 'img',
      read: () => ({ img: { value: 'r/0', timestamp: 1 } }),
      describe: () => ({ img: { source: 'file', dtype: 'array' as const, shape: [2, 2], external: 'FILESTORE:' } }),
      collectAssetDocs: async function* () {
        yield ['resource', { uid: 'r', spec: 'NPY', root: '/', resource_path: 'x', resource_kwargs: {} }];
        yield ['datum', { datum_id: 'r/0', resource: 'r', datum_kwargs: {} }];
      },
    };
    const beamline = new Beamline();
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
      yield create();
      yield msg('read', image);
      yield msg('save');
    });
    expect(beamline.names).toEqual(['start', 'descriptor', 'resource', 'datum', 'event', 'stop']);
    expect(beamline.last('resource')['run_start']).toBe(beamline.last('start')['uid']);
    expect(beamline.last('event')).toMatchObject({ data: { img: 'r/0' }, filled: { img: false } });
  });
});

describe('configuration', () => {
  test('is asked once a stream, and stands in the descriptor', async () => {
    const beamline = new Beamline();
    const camera = new Camera('cam');
    await beamline.engine.run(count(camera, 3));
    expect(camera.asked).toBe(1);
    expect(beamline.last('descriptor')['configuration']).toEqual({
      cam: {
        data: { cam_exposure: 1 },
        timestamps: { cam_exposure: 5 },
        data_keys: { cam_exposure: { source: 'SIM', dtype: 'number', shape: [] } },
      },
    });
  });

  test('that changes makes new descriptors, in each stream with the device, and the numbers go on', async () => {
    const beamline = new Beamline();
    const camera = new Camera('cam');
    const outcome = await beamline.engine.run(function* (): Plan {
      yield msg('open_run');
      yield* shot(camera, 'primary');
      yield* shot(camera, 'dark');
      yield* shot(new Detector(), 'other');
      const change: unknown = yield msg('configure', camera, [2]);
      yield* shot(camera, 'primary');
      return change;
    });
    expect(
      beamline.all('descriptor').map(({ name, configuration }) => [name, configuration.cam?.data.cam_exposure]),
    ).toEqual([
      ['primary', 1],
      ['dark', 1],
      ['other', undefined],
      ['primary', 2],
      ['dark', 2],
    ]);
    const [primary] = beamline.all('descriptor').slice(3);
    expect(beamline.last('event')).toMatchObject({ seq_num: 2, descriptor: primary?.['uid'] });
    expect(outcome).toMatchObject({ result: [{ cam_exposure: { value: 1 } }, { cam_exposure: { value: 2 } }] });
  });
});

describe('several runs at once', () => {
  test('are kept apart by their keys', async () => {
    const beamline = new Beamline();
    const detector = new Detector();
    await beamline.engine.run(function* (): Plan<void> {
      for (const run of ['outer', 'inner']) yield msg('open_run', null, [], { run_name: run }, run);
      for (const run of ['inner', 'outer', 'inner']) {
        yield create('primary', run);
        yield msg('read', detector, [], {}, run);
        yield msg('save', null, [], {}, run);
      }
      yield msg('close_run', null, [], {}, 'outer');
    });
    const counts = beamline.all('start').map(({ uid, run_name }) => {
      const stop = beamline.all('stop').find(({ run_start }) => run_start === uid);
      return [run_name, stop?.['num_events']];
    });
    expect(counts).toEqual([
      ['outer', { primary: 1 }],
      ['inner', { primary: 2 }],
    ]);
  });
});

describe('locations', () => {
  test('are given alone or as a list', async () => {
    const axis = (at: number) => ({
      name: `m${at}`,
      set: () => undefined,
      locate: async () => ({ setpoint: at, readback: at }),
    });
    const outcome = await new Beamline().engine.run(function* (): Plan {
      return [
        yield msg('locate', axis(1)),
        yield msg('locate', axis(1), [], { squeeze: false }),
        yield msg('locate', axis(1), [axis(2)]),
      ];
    });
    const at = (place: number) => ({ setpoint: place, readback: place });
    expect(outcome).toMatchObject({ result: [at(1), [at(1)], [at(1), at(2)]] });
  });
});
