import { type Connectable, type DeviceContext, isConnectable } from '../devices/device-context.ts';
import { messageOf } from './item-outcome.ts';

/** How long an opening waits for devices; those that are not connected by then come when they come. */
const OPENING_WAIT_S = 1;
/** How long each device is waited for in all, before it is told that something is missing. */
const CONNECT_WAIT_S = 10;
/** How long a device may take to be stopped when the worker ends. */
const STOP_WAIT_MS = 500;

interface MovesByItself {
  readonly isMoving: boolean;
  stop(options?: { success?: boolean }): unknown;
}

/**
 * The devices of an environment as far as they reach outside. All are connected at once. A beamline with a dead IOC can
 * still be opened: whoever uses a device that is not connected is told so, by name.
 */
export class Devices {
  readonly #context: DeviceContext;
  readonly #notice: (sentence: string) => void;
  readonly #connected = new Set<Connectable>();

  constructor(context: DeviceContext, notice: (sentence: string) => void) {
    this.#context = context;
    this.#notice = notice;
  }

  /** Resolves when all are connected, or a moment has passed. */
  async connect(candidates: Iterable<unknown>): Promise<void> {
    const connecting: Promise<void>[] = [];
    for (const device of candidates) {
      if (!isConnectable(device) || this.#connected.has(device)) continue;
      this.#connected.add(device);
      connecting.push(
        device
          .connect(this.#context, CONNECT_WAIT_S)
          .catch((error: unknown) => this.#notice(`${nameOf(device)}: ${messageOf(error)}`)),
      );
    }
    if (connecting.length === 0) return;
    await within(OPENING_WAIT_S * 1000, Promise.all(connecting));
  }

  /** Whatever still moves is told to stop, all at once; what does not answer is left. */
  async stopMoving(devices: Iterable<unknown>): Promise<void> {
    const stops: Promise<unknown>[] = [];
    for (const device of devices) {
      if (!movesByItself(device) || !device.isMoving) continue;
      stops.push(stopped(device).catch((error: unknown) => this.#notice(messageOf(error))));
    }
    await within(STOP_WAIT_MS, Promise.all(stops));
  }

  disconnect(): void {
    for (const device of this.#connected) device.disconnect();
    this.#connected.clear();
  }
}

const nameOf = (device: object): string => ('name' in device ? String(device.name) : device.constructor.name);

const stopped = async (device: MovesByItself): Promise<unknown> => device.stop({ success: false });

const movesByItself = (device: unknown): device is MovesByItself =>
  typeof (device as Partial<MovesByItself> | null)?.stop === 'function' &&
  typeof (device as Partial<MovesByItself>).isMoving === 'boolean';

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
