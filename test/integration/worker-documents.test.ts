import { setImmediate as breath } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Subscriber } from 'zeromq';
import { FakeManager } from '../support/fake-manager.ts';
import { freePort } from '../support/epics/free-port.ts';
import { WorkerPlace } from '../support/worker-process.ts';

const JSON_OUT = { prefix: 'bl7', encoding: 'json' } as const;

/** Whoever wants documents. */
class Listener implements Disposable {
  readonly #socket = new Subscriber({ receiveTimeout: 10_000, linger: 0 });

  constructor(prefix = '') {
    this.#socket.subscribe(prefix);
  }

  /** Resolves when the publisher has come. */
  async served(begin: (socket: Subscriber) => unknown): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.events.on('handshake', () => resolve());
    await begin(this.#socket);
    await promise;
  }

  /** The next frame, taken apart. */
  async next(): Promise<{ prefix: string; name: string; payload: string }> {
    const [frame] = await this.#socket.receive();
    const [, prefix = '', name = '', payload = ''] = /^(\S*) (\S+) (.*)$/s.exec(String(frame)) ?? [];
    return { prefix, name, payload };
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

const count = { name: 'count', args: [['det1']], kwargs: { num: 2 } };

test('documents are published as they are in the run file, behind a prefix and their name', async () => {
  const address = `tcp://127.0.0.1:${await freePort()}`;
  using place = new WorkerPlace({ documents: { bind: address, proxy: null, ...JSON_OUT } });
  await using _worker = await place.start();
  using listener = new Listener('bl7 ');
  await listener.served((socket) => socket.connect(address));
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();

  const { run_uids: runs } = await manager.run(count);
  const frames = [];
  for (let at = 0; at < 5; at++) frames.push(await listener.next());

  await expect.poll(() => place.runFile(runs[0] ?? '')).toHaveLength(5);
  expect(frames.map(({ name, payload }) => [name, JSON.parse(payload)])).toEqual(place.runFile(runs[0] ?? ''));
});

test('a proxy is connected to, also one that comes after the first plans', async () => {
  const address = `tcp://127.0.0.1:${await freePort()}`;
  using place = new WorkerPlace({ documents: { bind: null, proxy: address, ...JSON_OUT } });
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  expect(await manager.run(count)).toMatchObject({ exit_status: 'completed' });

  using proxy = new Listener();
  await proxy.served((socket) => socket.bind(address));
  const heard = proxy.next();
  // What the listener wants is known to the publisher a moment after they have met.
  const isHeard = (): Promise<boolean> => Promise.race([heard.then(() => true), breath(false)]);
  while (!(await isHeard())) expect(await manager.run(count)).toMatchObject({ exit_status: 'completed' });

  expect(await heard).toMatchObject({ prefix: 'bl7', payload: expect.stringContaining('"uid":') });
});

test('a worker whose documents cannot be published says where, and does not start', async () => {
  const address = 'tcp://192.0.2.1:5567';
  using place = new WorkerPlace({ documents: { bind: address, proxy: null, ...JSON_OUT } });

  await expect(place.start()).rejects.toThrow(`Documents cannot be published at ${address}: `);
});
