import type { DeviceContext, MotionLog } from '../../device-context.ts';
import { Device } from '../../device.ts';
import type { Place } from '../../part.ts';
import { DeviceStatus } from '../../status.ts';
import { EpicsSignal, EpicsSignalRO } from '../epics-signal.ts';
import { type AtRest, MotorLimitError } from './arrival.ts';
import { flight, type FlightPlan } from './flight.ts';
import { type LostMotor, stopOnReturn } from './lost-motion.ts';
import { type MotorFields, motorFields } from './motor-fields.ts';
import { Motion, type Moved } from './motion.ts';

export interface MotorOptions extends Place {
  /** How far beside its target the motor is still there; the record's RDBD and precision count as well. */
  tolerance?: number;
  /** Alarm severity of RBV up to which an arrival is one: 0 none (default) to 3 invalid. */
  toleratedSeverity?: number;
  /** Whether a motion that ends elsewhere fails. Default true. */
  missedFails?: boolean;
}

export interface MoveOptions {
  /** Seconds; by default what the distance takes at VELO, and time to spare. */
  timeout?: number;
}

/**
 * An EPICS motor record. Reads its position (`m1`, hinted) and its set-point (`m1_user_setpoint`); offset, direction,
 * velocity, acceleration and units are its configuration.
 *
 * A motion is done when the record says that it has ended *and* the motor is where it was sent: a put-callback's success
 * alone says only the first.
 */
export class EpicsMotor extends Device implements Moved {
  static override readonly pythonModule: string = 'ophyd.epics_motor';

  readonly prefix: string;
  readonly userReadback: EpicsSignalRO<number>;
  readonly userSetpoint: EpicsSignal<number>;
  readonly fields: MotorFields;
  readonly #options: MotorOptions;
  #motions: MotionLog | undefined;
  #endRecord: (() => void) | undefined;
  #motion: Motion | undefined;
  #flight: { plan: FlightPlan; status: DeviceStatus | undefined } | undefined;

  /** `new EpicsMotor('BGDEMO:m1', { name: 'm1' })` */
  constructor(prefix: string, options: MotorOptions) {
    super(options);
    this.prefix = prefix;
    this.#options = options;
    const readback = { expects: { dtype: 'number' }, monitored: true } as const;
    this.userReadback = this.add(
      'user_readback',
      'hinted',
      (place) => new EpicsSignalRO<number>(`${prefix}.RBV`, { ...place, ...readback }),
      options.name,
    );
    this.userSetpoint = this.add('user_setpoint', 'normal', (place) => new EpicsSignal<number>(`${prefix}.VAL`, place));
    this.fields = motorFields(prefix, (attribute, kind, make) => this.add(attribute, kind, make));
  }

  override async connect(context: DeviceContext, timeout: number): Promise<void> {
    this.#motions = context.motions;
    await super.connect(context, timeout);
  }

  /** Where it is, as last heard; undefined while disconnected. */
  get position(): number | undefined {
    return this.userReadback.latest?.value;
  }

  /** Whether a motion of this object is under way. */
  get isMoving(): boolean {
    return this.#motion !== undefined && !this.#motion.status.done;
  }

  set(target: number, { timeout }: MoveOptions = {}): DeviceStatus {
    return this.#begin(target, { timeout });
  }

  /** @throws Error, MotorLimitError: why the motor cannot be sent there now; nothing is written */
  async checkValue(target: number): Promise<void> {
    const { setState, spmg, highLimit, lowLimit, dialHighLimit, dialLowLimit } = this.fields;
    if (typeof target !== 'number' || !Number.isFinite(target)) {
      throw new TypeError(`${this.name} must be sent to a number, received ${String(target)}`);
    }
    const [use, go, high, low, dialHigh, dialLow] = await Promise.all([
      setState.get(),
      spmg.get(),
      highLimit.get(),
      lowLimit.get(),
      dialHighLimit.get(),
      dialLowLimit.get(),
    ]);
    if (use === 'Set')
      throw new Error(`${this.name} is being calibrated (SET is 'Set'): a move would redefine its position`);
    if (go !== 'Go') throw new Error(`${this.name} is held by SPMG, which is '${go}' and must be 'Go'`);
    const hasLimits = dialHigh !== 0 || dialLow !== 0; // the record's convention
    if (hasLimits && (target > high || target < low)) {
      throw new MotorLimitError(`${this.name} must stay from ${low} to ${high}, received ${target}`);
    }
  }

  async locate(): Promise<{ setpoint: number; readback: number }> {
    const [setpoint, readback] = await Promise.all([this.userSetpoint.get(), this.userReadback.get()]);
    return { setpoint, readback };
  }

  /** Without callback: one would wait for the motion that it is to end. A motion under way then fails unless `success`. */
  async stop({ success = false }: { success?: boolean } = {}): Promise<void> {
    this.#motion?.stopped(success);
    await this.fields.stop.put(1, { wait: false });
  }

  /** Names the place where the motor is. Nothing moves; SET is back at 'Use' whatever happens. */
  async setCurrentPosition(position: number): Promise<void> {
    const { setState } = this.fields;
    await setState.put('Set');
    try {
      await this.userSetpoint.put(position);
    } finally {
      await setState.put('Use');
    }
  }

  home(direction: 'forward' | 'reverse'): DeviceStatus {
    return this.#begin(null, { button: direction === 'forward' ? this.fields.homeForward : this.fields.homeReverse });
  }

  /** Goes where it will have the right velocity at `start`. `{ start: 0, end: 10, time: 5 }`, seconds. */
  prepare(wanted: { start: number; end: number; time: number }): DeviceStatus {
    const status = new DeviceStatus({ of: `${this.name} prepares to fly` });
    this.#prepare(wanted).then(
      () => status.setFinished(),
      (error: Error) => status.setException(error),
    );
    return status;
  }

  /** Starts the flight. Done when it is on its way. @throws Error unless prepared */
  kickoff(): DeviceStatus {
    if (this.#flight === undefined) throw new Error(`${this.name} must be prepared before it is kicked off`);
    this.#flight.status = this.set(this.#flight.plan.runDownEnd);
    return DeviceStatus.finished();
  }

  /** Done when the flight has ended; its velocity is then what it was before. @throws Error unless kicked off */
  complete(): DeviceStatus {
    const { plan, status: flying } = this.#flight ?? {};
    if (plan === undefined || flying === undefined)
      throw new Error(`${this.name} must be kicked off before it is completed`);
    this.#flight = undefined;
    const status = new DeviceStatus({ of: `the flight of ${this.name}` });
    this.#land(flying, plan).then(
      () => status.setFinished(),
      (error: Error) => status.setException(error),
    );
    return status;
  }

  async #land(flying: DeviceStatus, { velocityBefore }: FlightPlan): Promise<void> {
    try {
      await flying.finished;
    } finally {
      await this.fields.velocity.put(velocityBefore);
    }
  }

  async #prepare(wanted: { start: number; end: number; time: number }): Promise<void> {
    const { velocity, maxVelocity, baseVelocity, acceleration } = this.fields;
    const [velocityBefore, max, base, accelerationTime] = await Promise.all([
      velocity.get(),
      maxVelocity.get(),
      baseVelocity.get(),
      acceleration.get(),
    ]);
    const plan = flight(wanted, { motor: this.name, max, base, accelerationTime, velocityBefore });
    await Promise.all([this.checkValue(plan.runUpStart), this.checkValue(plan.runDownEnd)]);
    await this.set(plan.runUpStart).finished;
    await velocity.put(plan.velocity);
    this.#flight = { plan, status: undefined };
  }

  /** A motion that is under way is superseded by it. */
  #begin(target: number | null, how: { timeout?: number | undefined; button?: EpicsSignal<number> }): DeviceStatus {
    const previous = this.isMoving ? this.#motion : undefined;
    previous?.superseded(target === null ? 'a homing' : `a move to ${target}`);
    const motion = new Motion(this, { ...how, target, isRetarget: previous !== undefined, ...this.#terms() });
    this.#motion = motion;
    void motion.carryOut();
    return motion.status;
  }

  #terms() {
    const { tolerance = 0, toleratedSeverity = 0, missedFails = true } = this.#options;
    return { tolerance, toleratedSeverity, missedFails };
  }

  recordMotion(value: number): void {
    const { prefix } = this;
    const motion = { stop: `${prefix}.STOP`, setpoint: `${prefix}.VAL`, done: `${prefix}.DMOV`, value };
    const end = this.#motions?.begin(motion);
    this.#endRecord?.();
    this.#endRecord = end;
  }

  endRecord(): void {
    this.#endRecord?.();
    this.#endRecord = undefined;
  }

  lostInMotion(target: number): void {
    const { userSetpoint: setpoint, fields } = this;
    const motor = { setpoint, done: fields.done, stop: fields.stop, isMoving: () => this.isMoving };
    void this.#stopOnReturn(motor, target);
  }

  async #stopOnReturn(motor: LostMotor, target: number): Promise<void> {
    try {
      await stopOnReturn(motor, target);
      if (!this.isMoving) this.endRecord();
    } catch {
      // Lost again: it stays on record, for the next worker.
    }
  }

  async atRest(): Promise<AtRest> {
    const { retryDeadband, beyondSoftLimit, highSwitch, lowSwitch, direction, missed } = this.fields;
    const [readback, deadband, isBeyond, isHigh, isLow, movedUp, hasMissed] = await Promise.all([
      this.userReadback.reading(),
      retryDeadband.get(),
      beyondSoftLimit.get(),
      highSwitch.get(),
      lowSwitch.get(),
      direction.get(),
      missed.get(),
    ]);
    return {
      readback: readback.value,
      severity: readback.alarm_severity ?? 0,
      retryDeadband: deadband,
      isBeyondSoftLimit: isBeyond !== 0,
      isAtHighSwitch: isHigh !== 0,
      isAtLowSwitch: isLow !== 0,
      movedUp: movedUp !== 0,
      hasMissed: hasMissed !== 0,
    };
  }
}
