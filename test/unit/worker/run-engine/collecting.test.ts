import { describe, expect, test } from 'vitest';
import type { AssetDocument, DataKeys } from '../../../../src/worker/devices/protocols.ts';
import { DeviceStatus } from '../../../../src/worker/devices/status.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline } from './beamline.ts';

const key = (extra = {}): DataKeys[string] => ({ source: 'SIM', dtype: 'number', shape: [], ...extra });
const event = (data: Record<string, unknown>) => ({
  data,
  timestamps: Object.fromEntries(Object.keys(data).map((name) => [name, 1])),
  time: 1,
});

const flyer = (about: { describe: () => unknown; collect?: () => unknown }) => ({
  name: 'flyer',
  kickoff: () => DeviceStatus.finished(),
  complete: () => DeviceStatus.finished(),
  describeCollect: about.describe,
  collect: about.collect ?? (() => []),
});

/** Writes frames: each collection gives those up to the index that it is asked for. */
class FrameWriter {
  readonly name: string;
  #written = 0;
  frames: number;
  constructor(name: string, frames: number) {
    this.name = name;
    this.frames = frames;
  }
  describeCollect(): DataKeys {
    return { [this.name]: key({ external: 'STREAM:' }) };
  }
  getIndex(): number {
    return this.frames;
  }
  *collectAssetDocs(index = this.frames): Iterable<AssetDocument> {
    const resource = `${this.name}-file`;
    if (this.#written === 0) {
      yield [
        'stream_resource',
        {
          uid: resource,
          data_key: this.name,
          mimetype: 'application/x-hdf5',
          uri: 'file://localhost/x.h5',
          parameters: {},
        },
      ];
    }
    if (index === this.#written) return;
    yield [
      'stream_datum',
      {
        uid: `${resource}/${this.#written}`,
        stream_resource: resource,
        descriptor: '',
        indices: { start: this.#written, stop: index },
        seq_nums: { start: 0, stop: 0 },
      },
    ];
    this.#written = index;
  }
}

async function collected(...messages: ReturnType<typeof msg>[]) {
  const beamline = new Beamline();
  const outcome = await beamline.engine.run(function* (): Plan {
    yield msg('open_run');
    const answers: unknown[] = [];
    for (const message of messages) answers.push(yield message);
    return answers;
  });
  if (outcome.kind !== 'finished') throw new Error('paused');
  return { beamline, outcome };
}

describe('collecting a flyer', () => {
  test('that describes its streams itself gives a page for each', async () => {
    const twoStreams = flyer({
      describe: () => ({ fast: { x: key() }, slow: { y: key() } }),
      collect: async function* () {
        yield event({ x: 1 });
        yield event({ y: 2 });
        yield event({ x: 3 });
      },
    });
    const { beamline, outcome } = await collected(
      msg('kickoff', twoStreams),
      msg('complete', twoStreams),
      msg('collect', twoStreams),
    );
    expect(beamline.names).toEqual(['start', 'descriptor', 'descriptor', 'event_page', 'event_page', 'stop']);
    expect(beamline.all('event_page')).toMatchObject([
      { data: { x: [1, 3] }, seq_num: [1, 2] },
      { data: { y: [2] }, seq_num: [1] },
    ]);
    expect(beamline.last('stop')['num_events']).toEqual({ fast: 2, slow: 1 });
    expect((outcome.result as unknown[])[2]).toHaveLength(3);
  });

  test('into a declared stream, page by page, numbers on', async () => {
    const pages = {
      ...flyer({ describe: () => ({ x: key() }) }),
      collectPages: () => [{ data: { x: [1, 2] }, timestamps: { x: [1, 1] }, time: [1, 1] }],
    };
    const declare = msg('declare_stream', null, [pages], { name: 'fly', collect: true });
    const collect = msg('collect', pages, [], { name: 'fly', return_payload: false });
    const { beamline, outcome } = await collected(declare, collect, collect);
    expect(beamline.all('event_page').map(({ seq_num }) => seq_num)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect((outcome.result as unknown[]).slice(1)).toEqual([undefined, undefined]);
  });

  test('together with others goes as far as the slowest has come', async () => {
    const [one, other] = [new FrameWriter('a', 5), new FrameWriter('b', 3)];
    const beamline = new Beamline();
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
      yield msg('declare_stream', null, [one, other], { name: 'fly', collect: true });
      yield msg('collect', one, [other], { name: 'fly' });
      other.frames = 5;
      yield msg('collect', one, [other], { name: 'fly' });
    });
    expect(beamline.all('stream_datum').map(({ indices, seq_nums }) => [indices, seq_nums])).toEqual([
      [
        { start: 0, stop: 3 },
        { start: 1, stop: 4 },
      ],
      [
        { start: 0, stop: 3 },
        { start: 1, stop: 4 },
      ],
      [
        { start: 3, stop: 5 },
        { start: 4, stop: 6 },
      ],
      [
        { start: 3, stop: 5 },
        { start: 4, stop: 6 },
      ],
    ]);
    expect(
      beamline.all('stream_datum').every(({ descriptor }) => descriptor === beamline.last('descriptor')['uid']),
    ).toBe(true);
    expect(beamline.all('stream_resource').every(({ run_start }) => run_start === beamline.last('start')['uid'])).toBe(
      true,
    );
    expect(beamline.last('stop')['num_events']).toEqual({ fly: 5 });
  });

  const plain = flyer({ describe: () => ({ x: key() }), collect: () => [event({ x: 1 })] });
  test.each([
    [
      'outside of the streaming rules',
      [msg('collect', plain, [], { stream: true })],
      'emitting Events (stream=True) is no longer supported',
    ],
    [
      'without a declaration where one is needed',
      [msg('collect', plain)],
      'Single nested data keys should be pre-declared',
    ],
    [
      'into a stream that was not declared',
      [msg('collect', plain, [], { name: 'fly' })],
      'declare stream needs to be called first',
    ],
    [
      'beside others that write no frames',
      [msg('collect', plain, [new FrameWriter('a', 1)])],
      'flyer does not implement all WritesStreamAssets methods',
    ],
    [
      'beside others without a declaration',
      [msg('collect', new FrameWriter('a', 1), [new FrameWriter('b', 1)])],
      'you must predeclare a stream',
    ],
    [
      'with one key in two streams',
      [msg('collect', flyer({ describe: () => ({ s: { x: key() }, t: { x: key() } }) }))],
      "Can't use identical data keys in multiple streams: x in s and t",
    ],
    [
      'with data that it did not describe',
      [msg('collect', flyer({ describe: () => ({ s: { x: key() } }), collect: () => [event({ z: 1 })] }))],
      'flyer collected z, which it did not describe',
    ],
  ])('is refused %s', async (_what, messages, complaint) => {
    const { outcome } = await collected(...messages);
    expect(outcome).toMatchObject({ exit_status: 'fail', reason: expect.stringContaining(complaint) });
  });

  test.each([
    ['twice the same resource', (docs: AssetDocument[]) => [docs[0], docs[0]], 'with uid a-file twice'],
    [
      'frames of an unknown resource',
      (docs: AssetDocument[]) => [docs[1]],
      'referring to an unknown stream resource a-file',
    ],
    [
      'a descriptor already filled in',
      (docs: AssetDocument[]) => [docs[0], ['stream_datum', { ...docs[1]?.[1], descriptor: 'd' }]],
      'already filled in',
    ],
    [
      'numbers already filled in',
      (docs: AssetDocument[]) => [docs[0], ['stream_datum', { ...docs[1]?.[1], seq_nums: { start: 1, stop: 2 } }]],
      'They should be left 0 to 0',
    ],
    [
      'a key that was not described',
      (docs: AssetDocument[]) => [['stream_resource', { ...docs[0]?.[1], data_key: 'z' }]],
      "not in the descriptor 'STREAM:' data_keys a",
    ],
    ['no such document', () => [['event', {}]], 'Tried to emit an external asset event'],
  ])('refuses %s', async (_what, spoil, complaint) => {
    const writer = new FrameWriter('a', 2);
    const docs = [...writer.collectAssetDocs()];
    writer.collectAssetDocs = () => spoil(docs) as AssetDocument[];
    const { outcome } = await collected(
      msg('declare_stream', null, [writer], { name: 'fly', collect: true }),
      msg('collect', writer, [], { name: 'fly' }),
    );
    expect(outcome).toMatchObject({ exit_status: 'fail', reason: expect.stringContaining(complaint) });
  });

  test.each([
    ['fewer frames than its neighbour', { frames: 1 }, 'of a different width `1` than other detectors'],
    ['no frames where its neighbour has some', { frames: 0 }, 'expected `stream_datum` for each of the data_keys a, b'],
  ])('refuses %s', async (_what, { frames }, complaint) => {
    const both = [new FrameWriter('a', 2), new FrameWriter('b', 2)] as const;
    both[1].collectAssetDocs = () => FrameWriter.prototype.collectAssetDocs.call(both[1], frames);
    const { outcome } = await collected(
      msg('declare_stream', null, [...both], { name: 'fly', collect: true }),
      msg('collect', both[0], [both[1]], { name: 'fly' }),
    );
    expect(outcome).toMatchObject({ exit_status: 'fail', reason: expect.stringContaining(complaint) });
  });

  test('needs an open run', async () => {
    const beamline = new Beamline();
    const outcome = await beamline.engine.run(function* (): Plan<void> {
      yield msg('kickoff', plain);
    });
    expect(outcome).toMatchObject({ reason: "A 'kickoff' message was sent but no run is open." });
  });
});
