import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Broadcast } from '../../../src/streams/broadcast.ts';
import { SocketFeed } from '../../../src/streams/socket-feed.ts';
import type { FeedSocket } from '../../../src/streams/socket-feed.ts';
import { StatusFeed } from '../../../src/streams/status-feed.ts';
import { Subscriber } from '../../../src/streams/subscriber.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A socket whose peer reads only when the test says so. */
class LazySocket implements FeedSocket {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  isTerminated = false;
  closedWith: number | undefined;
  #whenRead: (() => void)[] = [];

  send(frame: Buffer, _: { binary: boolean }, sent?: () => void): void {
    this.sent.push(frame.toString());
    this.bufferedAmount += frame.length;
    if (sent) this.#whenRead.push(sent);
  }

  read(): void {
    this.bufferedAmount = 0;
    for (const told of this.#whenRead.splice(0)) told();
  }

  close(code: number): void {
    this.closedWith = code;
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

const big = (name: string) => Buffer.from(name.padEnd(200 * 1024, '.'));
const names = (socket: LazySocket) => socket.sent.map((frame) => frame.replace(/\.+$/, ''));

describe('a feed to a socket', () => {
  test('passes frames straight on while the client reads', () => {
    const socket = new LazySocket();
    const feed = new SocketFeed(socket, { limit: 1 });
    for (const name of ['a', 'b', 'c']) feed.offer(Buffer.from(name));
    expect(socket.sent).toEqual(['a', 'b', 'c']);
  });

  test('a slow reader of status sees only the newest once it reads again', () => {
    const socket = new LazySocket();
    const feed = new SocketFeed(socket, { limit: 1 });
    for (const name of ['1', '2', '3', '4', '5', '6']) feed.offer(big(name));
    expect(names(socket)).toEqual(['1', '2', '3']);

    socket.read();

    expect(names(socket)).toEqual(['1', '2', '3', '6']);
    feed.ended();
  });

  test('a slow reader of the console is told how many lines it has missed', () => {
    const socket = new LazySocket();
    const feed = new SocketFeed(socket, { limit: 2, gap: (missed) => Buffer.from(`missed ${missed}`) });
    for (const name of ['1', '2', '3', '4', '5', '6', '7']) feed.offer(big(name));

    socket.read();

    expect(names(socket).slice(3)).toEqual(['missed 2', '6', '7']);
    feed.ended();
  });

  test('a client that takes nothing for ten seconds is cut off, and its frames are let go', () => {
    const socket = new LazySocket();
    const feed = new SocketFeed(socket, { limit: 5 });
    for (const name of ['1', '2', '3', '4']) feed.offer(big(name));

    vi.advanceTimersByTime(10_000);
    feed.offer(big('5'));

    expect(socket.isTerminated).toBe(true);
    expect(socket.sent.length).toBe(3);
  });

  test('a stopping server says that it goes away', () => {
    const socket = new LazySocket();
    const out = new Broadcast<Buffer>();
    out.add(new SocketFeed(socket, { limit: 1 }));

    out.close();

    expect([socket.closedWith, out.size]).toEqual([1001, 0]);
  });
});

describe('the status feed', () => {
  const watched = () => {
    const out = new Broadcast<Buffer>();
    const frames: { time: number; msg: { status: Record<string, unknown> } }[] = [];
    out.add({ offer: (frame) => void frames.push(JSON.parse(frame.toString())), close: () => undefined });
    const feed = new StatusFeed(out);
    feed.start();
    return { feed, frames };
  };

  test('passes a published status on at once', () => {
    const { feed, frames } = watched();
    feed.published('{"time":1,"msg":{"status":{"manager_state":"idle"}}}', { manager_state: 'idle' });
    expect(frames).toEqual([{ time: 1, msg: { status: { manager_state: 'idle' } } }]);
    feed.close();
  });

  test('gives a frame a second when the manager is away, and says so in it', () => {
    const { feed, frames } = watched();
    feed.published('{"time":1,"msg":{"status":{"msg":"RE Manager v0.0.25"}}}', { msg: 'RE Manager v0.0.25' });

    vi.advanceTimersByTime(5000);

    expect(frames.length).toBeGreaterThanOrEqual(6);
    expect(frames.at(-1)?.msg.status).toEqual({ msg: 'RE Manager has not been heard for 5 s' });
    feed.close();
  });

  test('is quiet while the manager is heard', () => {
    const { feed, frames } = watched();
    for (let n = 0; n < 10; n++) {
      feed.published('{"time":1,"msg":{"status":{}}}', {});
      vi.advanceTimersByTime(500);
    }
    expect(frames.length).toBe(10);
    feed.close();
  });
});

describe('a subscriber', () => {
  test('gets frames in order, and is told how many it missed', async () => {
    const subscriber = new Subscriber<string>(2);
    for (const frame of ['a', 'b', 'c', 'd']) subscriber.offer(frame);
    subscriber.close();

    const seen = [];
    for await (const { frame, missed } of subscriber) seen.push(`${frame}${missed}`);

    expect(seen).toEqual(['c2', 'd0']);
  });

  test('wakes when a frame is offered', async () => {
    const subscriber = new Subscriber<string>(2);
    const reading = subscriber[Symbol.asyncIterator]().next();
    subscriber.offer('a');
    expect(await reading).toEqual({ value: { frame: 'a', missed: 0 }, done: false });
  });
});
