import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Liveness } from '../../../src/streams/liveness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class PingedSocket extends EventEmitter {
  pings = 0;
  isTerminated = false;
  readonly #answers: boolean;

  constructor(answers: boolean) {
    super();
    this.#answers = answers;
  }

  ping(): void {
    this.pings++;
    if (this.#answers) this.emit('pong');
  }

  terminate(): void {
    this.isTerminated = true;
    this.emit('close');
  }
}

test('a socket that answers its pings is kept, one that does not is ended after two periods', () => {
  const liveness = new Liveness();
  const [living, dead] = [new PingedSocket(true), new PingedSocket(false)];
  for (const socket of [living, dead]) liveness.watch(socket);

  vi.advanceTimersByTime(60_000);

  expect([living.isTerminated, dead.isTerminated]).toEqual([false, true]);
  expect([living.pings, dead.pings]).toEqual([3, 1]);
  liveness.close();
});

test('without sockets there is no timer', () => {
  const liveness = new Liveness();
  const socket = new PingedSocket(true);
  liveness.watch(socket);
  expect(vi.getTimerCount()).toBe(1);

  socket.emit('close');

  expect(vi.getTimerCount()).toBe(0);
});
