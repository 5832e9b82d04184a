import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { AUTHORIZED, startGatewayBefore } from '../support/gateway.ts';
import { ManagerPlace } from '../support/manager-process.ts';

interface Frame {
  readonly topic: string;
  readonly seq?: number;
  readonly event?: { readonly number: number; readonly kind: string };
  readonly gap?: object;
  readonly msg?: unknown;
}

async function aBeamline() {
  const manager = await ManagerPlace.withoutWorker();
  const { zmq_control_addr: controlAddress, zmq_info_addr: infoAddress } = manager.settings;
  const gateway = await startGatewayBefore({ controlAddress, infoAddress });
  return {
    manager,
    url: gateway.url,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await manager[Symbol.asyncDispose]();
    },
  };
}

/** A client of the stream that keeps what it is sent. */
class Stream implements Disposable {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  #told = Promise.withResolvers<void>();

  constructor(url: string, query: string) {
    this.socket = new WebSocket(`${url}/api/stream?${query}`, { headers: AUTHORIZED });
    this.socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as Frame);
      this.#told.resolve();
    });
  }

  async until(isSo: (frames: readonly Frame[]) => boolean): Promise<readonly Frame[]> {
    while (!isSo(this.frames)) {
      this.#told = Promise.withResolvers();
      await this.#told.promise;
    }
    return this.frames;
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

test('a stream that is resumed goes on behind the number that it had, without a gap or a double', async () => {
  await using beamline = await aBeamline();
  for (let n = 0; n < 5; n++) await beamline.manager.add('count', [['det1']]);
  const last = (await beamline.manager.must('events_get', { limit: 1 }))['last_event'] as number;

  using stream = new Stream(beamline.url, `after=${last - 3}`);
  await stream.until((frames) => frames.length >= 3);
  for (let n = 0; n < 20; n++) await beamline.manager.add('count', [['det1']]);
  const frames = await stream.until((all) => all.length >= 23);

  expect(frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 23 }, (_, n) => last - 2 + n));
  expect(frames.every(({ topic, event }) => topic === 'events' && event?.kind === 'item_added')).toBe(true);
});

test('status comes at once and at each change, beside the events', async () => {
  await using beamline = await aBeamline();
  using stream = new Stream(beamline.url, 'topics=status,events&after=0');
  await stream.until((frames) => frames.some(({ topic }) => topic === 'status'));
  await beamline.manager.add('count', [['det1']]);
  const isTold = ({ topic, msg }: Frame): boolean =>
    topic === 'status' && (msg as { status: { items_in_queue: number } }).status.items_in_queue === 1;
  await stream.until((frames) => frames.some(isTold) && frames.some(({ event }) => event?.kind === 'item_added'));
});

test('a number that the log does not lead on from is told as a gap, and what happens next follows', async () => {
  await using beamline = await aBeamline();
  using stream = new Stream(beamline.url, 'after=1000000');
  const [gap] = await stream.until((frames) => frames.length > 0);
  expect(gap).toMatchObject({ topic: 'events', gap: { after: 1_000_000 } });
  await beamline.manager.add('count', [['det1']]);
  await stream.until((frames) => frames.some(({ event }) => event?.kind === 'item_added'));
});

test.each(['topics=weather', 'after=x'])('%s closes the socket with a reason', async (query) => {
  await using beamline = await aBeamline();
  using stream = new Stream(beamline.url, query);
  const [code, reason] = (await once(stream.socket, 'close')) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([4400, expect.stringMatching(/^'(topics|after)' must be/)]);
});
