import type { Readings } from '../../protocols.ts';
import { DeviceStatus, StatusTimeoutError } from '../../status.ts';
import type { EpicsSignal, EpicsSignalRO } from '../epics-signal.ts';
import { type ArrivalTerms, type AtRest, isThere, whyNotArrived } from './arrival.ts';
import type { MotorFields } from './motor-fields.ts';

/** A motion that has not begun to show after so long never will: the motor is where it was sent, or will not go. */
const BEGINS_WITHIN_S = 0.5;
/** What a motion may take beyond what its distance takes. */
const SPARE_S = 10;

/** What a motion asks of its motor. */
export interface Moved {
  readonly name: string;
  readonly userReadback: EpicsSignalRO<number>;
  readonly userSetpoint: EpicsSignal<number>;
  readonly fields: MotorFields;
  checkValue(target: number): Promise<void>;
  locate(): Promise<{ setpoint: number; readback: number }>;
  /** What the record says at the end of a motion. */
  atRest(): Promise<AtRest>;
  /** Puts a motion on record before it is started. The one before it ends with that: a motor obeys its last target. */
  recordMotion(value: number): void;
  /** The motor is at rest: nobody need look after it. */
  endRecord(): void;
  /** Its connection was lost, and with it the way to stop it. */
  lostInMotion(target: number): void;
}

interface MotionTerms extends Omit<ArrivalTerms, 'motor' | 'target'> {
  /** Null: a homing, which ends where it ends. */
  readonly target: number | null;
  /** What starts it, when it is not the set-point. */
  readonly button?: EpicsSignal<number>;
  readonly timeout?: number | undefined;
  /** Another motion of this motor is under way. */
  readonly isRetarget: boolean;
}

/**
 * One motion of a motor record, from its check to its end.
 *
 * It is checked (nothing is written if that fails), put on record, and started: by a put-callback, whose answer says that
 * the motion has ended; or, when another one is under way, by a plain put, because the IOC would keep a second callback
 * until the first has ended. Then it waits for DMOV, since gateways and plain records answer at once, and judges where
 * the motor is. `stop()`, another target, a lost connection or the time-out end it sooner: the first of them counts.
 */
export class Motion {
  readonly status: DeviceStatus;
  readonly #motor: Moved;
  readonly #terms: MotionTerms;
  #stop: 'no' | 'as a success' | 'as a failure' = 'no';
  #isSuperseded = false;
  readonly #given = Promise.withResolvers<never>();

  constructor(motor: Moved, terms: MotionTerms) {
    this.#motor = motor;
    this.#terms = terms;
    this.status = new DeviceStatus({
      of: terms.target === null ? `homing ${motor.name}` : `${motor.name} to ${terms.target}`,
    });
    this.#given.promise.catch(() => undefined); // it may be given up before anybody waits
  }

  /** Somebody wrote STOP. The record then says that all is well, and its set-point is where it stopped. */
  stopped(success: boolean): void {
    if (this.#stop === 'no') this.#stop = success ? 'as a success' : 'as a failure';
  }

  superseded(by: string): void {
    this.#isSuperseded = true;
    this.#end(new Error(`${this.#motor.name}: the motion was superseded by ${by}`));
  }

  /** Ends in every case with the status; nothing is thrown. */
  async carryOut(): Promise<void> {
    const release: (() => void)[] = [];
    try {
      const { target } = this.#terms;
      if (target !== null) await this.#motor.checkValue(target);
      const start = await this.#motor.locate();
      const timeout = this.#terms.timeout ?? (await this.#expectedTime(start.readback));
      if (this.status.done) return; // superseded meanwhile: nothing was written
      if (this.#stop !== 'no') return this.#end(this.#stoppedAt(start.readback));
      release.push(this.#watchConnection(), this.#watchTime(timeout), this.#watchProgress(start.readback));
      this.#motor.recordMotion(target ?? start.setpoint);
      await Promise.race([this.#given.promise, this.#move()]);
      this.#end(null);
    } catch (error) {
      this.#end(error as Error);
    } finally {
      for (const end of release) end();
    }
  }

  async #move(): Promise<void> {
    const { target, button, isRetarget } = this.#terms;
    if (button !== undefined) await button.put(1, { wait: false });
    else if (target !== null) await this.#motor.userSetpoint.put(target, { wait: !isRetarget });
    const atRest = await this.#untilAtRest();
    // One that was given up (time-out, lost connection) stays on record: nobody knows that it has ended.
    if (!this.#isSuperseded) this.#motor.endRecord();
    const failure = this.#stop === 'no' ? this.#whyNotArrived(atRest) : this.#stoppedAt(atRest.readback);
    if (failure !== null) throw failure;
  }

  /** A read after a put on the same circuit shows a motion that has begun; what is explained needs no more waiting. */
  async #untilAtRest(): Promise<AtRest> {
    const { done } = this.#motor.fields;
    for (;;) {
      if ((await done.get()) === 0) await this.#until(1, Infinity);
      const atRest = await this.#motor.atRest();
      if (this.#stop !== 'no' || this.#isExplained(atRest)) return atRest;
      if (!(await this.#until(0, BEGINS_WITHIN_S))) return atRest;
    }
  }

  #whyNotArrived(atRest: AtRest): Error | null {
    const { target } = this.#terms;
    return target === null ? null : whyNotArrived(atRest, this.#arrivalTerms(target));
  }

  #stoppedAt(readback: number): Error | null {
    return this.#stop === 'as a success' ? null : new Error(`${this.#motor.name} was stopped at ${readback}`);
  }

  #isExplained(atRest: AtRest): boolean {
    const { target } = this.#terms;
    if (target === null) return false;
    const terms = this.#arrivalTerms(target);
    return isThere(atRest, terms) || whyNotArrived(atRest, { ...terms, missedFails: false }) !== null;
  }

  /** Whether DMOV became `wanted` within the time. */
  async #until(wanted: 0 | 1, seconds: number): Promise<boolean> {
    const { done } = this.#motor.fields;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const listener = (readings: Readings): void => {
      if (readings[done.name]?.value === wanted) resolve(true);
    };
    const timer = Number.isFinite(seconds) ? setTimeout(() => resolve(false), seconds * 1000) : undefined;
    done.subscribe(listener);
    try {
      return await Promise.race([promise, this.#given.promise]);
    } finally {
      clearTimeout(timer);
      done.clearSub(listener);
    }
  }

  /**
   * Doubled, because records come back from beyond their target (backlash) and try again: how often is the record's own
   * affair. @throws Error when the record has no velocity
   */
  async #expectedTime(from: number): Promise<number> {
    const { target } = this.#terms;
    if (target === null) return Infinity; // nobody knows how far home is
    const { velocity, acceleration } = this.#motor.fields;
    const [speed, accelerationTime] = await Promise.all([velocity.get(), acceleration.get()]);
    if (!(speed > 0)) throw new Error(`${this.#motor.name} must have a velocity above 0 (VELO), has ${speed}`);
    return 2 * (Math.abs(target - from) / speed + 2 * accelerationTime) + SPARE_S;
  }

  #watchConnection(): () => void {
    const { name, userSetpoint } = this.#motor;
    return userSetpoint.onDisconnect((why) => {
      this.#giveUp(new Error(`${name} (${userSetpoint.source}) was lost in motion: ${why}`));
      if (this.#terms.target !== null) this.#motor.lostInMotion(this.#terms.target);
    });
  }

  #watchTime(timeout: number): () => void {
    if (!Number.isFinite(timeout)) return () => undefined;
    const expire = (): void =>
      this.#giveUp(
        new StatusTimeoutError(`${this.#motor.name} to ${this.#terms.target} did not end within ${timeout} s`),
      );
    const timer = setTimeout(expire, timeout * 1000);
    return () => clearTimeout(timer);
  }

  #watchProgress(initial: number): () => void {
    const { userReadback } = this.#motor;
    const { target } = this.#terms;
    const startedAt = performance.now();
    const { units, precision } = userReadback.facts();
    const unchanging = {
      name: this.#motor.name,
      initial,
      ...(target === null ? {} : { target }),
      ...(typeof units === 'string' ? { unit: units } : {}),
      ...(typeof precision === 'number' ? { precision } : {}),
    };
    const listener = (readings: Readings): void => {
      const current = Number(readings[userReadback.name]?.value);
      // What is left of the way, as bluesky's progress bars take it.
      const fraction =
        target === null || target === initial ? {} : { fraction: Math.abs((target - current) / (target - initial)) };
      const elapsed = (performance.now() - startedAt) / 1000;
      this.status.progress({ ...unchanging, current, ...fraction, time_elapsed: elapsed });
    };
    userReadback.subscribe(listener);
    return () => userReadback.clearSub(listener);
  }

  #arrivalTerms(target: number): ArrivalTerms {
    const { tolerance, toleratedSeverity, missedFails } = this.#terms;
    const { precision } = this.#motor.userReadback.facts();
    const shown = typeof precision === 'number' ? 10 ** -precision : 0;
    return {
      motor: this.#motor.name,
      target,
      tolerance: Math.max(tolerance, shown),
      toleratedSeverity,
      missedFails,
    };
  }

  #giveUp(error: Error): void {
    this.#given.reject(error);
  }

  /** The first end counts. */
  #end(error: Error | null): void {
    if (this.status.done) return;
    if (error === null) this.status.setFinished();
    else this.status.setException(error);
    this.#giveUp(error ?? new Error('the motion has ended'));
  }
}
