import { setTimeout as sleep } from 'node:timers/promises';
import type { AssetDocument, DataKeys, PartialEvent, Readings, Status } from '../protocols.ts';
import { DeviceStatus } from '../status.ts';
import { now } from './subscriptions.ts';

/** Flies through nothing: a hundred empty events. */
export class TrivialFlyer {
  static readonly pythonModule: string = 'ophyd.sim';
  readonly name: string = 'trivial_flyer';
  readonly parent = null;

  kickoff(): Status {
    return DeviceStatus.finished();
  }

  complete(): Status {
    return DeviceStatus.finished();
  }

  describeCollect(): Record<string, DataKeys> {
    return { stream_name: {} };
  }

  readConfiguration(): Readings {
    return {};
  }

  describeConfiguration(): DataKeys {
    return {};
  }

  *collect(): Generator<PartialEvent, void> {
    for (let index = 0; index < 100; index += 1) yield { data: {}, timestamps: {}, time: index, seq_num: index };
  }

  stop(): void {}
}

/** The same, with files that hold nothing either. */
export class NewTrivialFlyer extends TrivialFlyer {
  static override readonly pythonModule = 'ophyd.sim';
  override readonly name = 'new_trivial_flyer';

  collectAssetDocs(): AssetDocument[] {
    return [];
  }
}

/** A motor and a detector that can be asked at once. */
interface Stepper {
  motor: { set(position: number): Status; read(): Readings; describe(): DataKeys };
  detector: { trigger(): Status; read(): Readings; describe(): DataKeys };
}

/** What a flyer waits before it takes off, in milliseconds. */
const RUN_UP_MS = 100;

/**
 * Steps a motor and reads a detector by itself. It is idle until `kickoff()`, then flies; it may take off again when
 * its flight is complete.
 */
export class MockFlyer {
  static readonly pythonModule = 'ophyd.sim';
  readonly name: string;
  readonly parent = null;
  readonly #stepper: Stepper;
  readonly #positions: readonly number[];
  #flight: DeviceStatus | null = null;
  #events: PartialEvent[] = [];

  constructor(name: string, stepper: Stepper, { start, stop, num }: Record<'start' | 'stop' | 'num', number>) {
    this.name = name;
    this.#stepper = stepper;
    const step = (stop - start) / (num - 1);
    this.#positions = Array.from({ length: num }, (_, index) => (index === num - 1 ? stop : index * step + start));
  }

  kickoff(): Status {
    if (this.#flight && !this.#flight.done) throw new Error('Kicking off a second time?!');
    this.#events = [];
    const flight = new DeviceStatus({ of: `the flight of ${this.name}` });
    this.#flight = flight;
    this.#fly().then(
      () => flight.setFinished(),
      (error: unknown) => flight.setException(error instanceof Error ? error : new Error(String(error))),
    );
    return DeviceStatus.finished();
  }

  complete(): Status {
    if (!this.#flight) throw new Error('No collection in progress');
    return this.#flight;
  }

  describeCollect(): Record<string, DataKeys> {
    const { motor, detector } = this.#stepper;
    return { [this.name]: { ...motor.describe(), ...detector.describe() } };
  }

  readConfiguration(): Readings {
    return {};
  }

  describeConfiguration(): DataKeys {
    return {};
  }

  collect(): PartialEvent[] {
    return this.#events.splice(0);
  }

  stop(): void {}

  async #fly(): Promise<void> {
    const { motor, detector } = this.#stepper;
    await sleep(RUN_UP_MS);
    for (const position of this.#positions) {
      await motor.set(position).finished;
      await detector.trigger().finished;
      const readings = Object.entries({ ...motor.read(), ...detector.read() });
      this.#events.push({
        time: now(),
        data: Object.fromEntries(readings.map(([field, { value }]) => [field, value])),
        timestamps: Object.fromEntries(readings.map(([field, { timestamp }]) => [field, timestamp])),
      });
    }
  }
}
