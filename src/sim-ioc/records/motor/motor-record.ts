import { type Alarm, NO_ALARM, SEVERITIES, type Severity } from '../alarm.ts';
import { CHANGE, type Field, type Limits } from '../field.ts';
import { EpicsRecord } from '../record.ts';
import type { FieldValue } from '../value.ts';
import { DeadBand } from '../dead-band.ts';
import { Axis, type AxisEnd } from './axis.ts';
import { Coordinates } from './coordinates.ts';
import { defineMotorFields, type MotorOptions } from './motor-fields.ts';
import { motorStatus } from './motor-status.ts';
import type { Speed } from './profile.ts';

const LIMITS = new Set(['HLM', 'LLM', 'DHLM', 'DLLM']);
const SPMG = { STOP: 0, PAUSE: 1, MOVE: 2, GO: 3 } as const;

/**
 * The motor record, as far as clients can tell it from the real one (motor 7 on motorSim): above all, the end of a
 * put-callback to `VAL` says that motion has ended, and never that the motor has arrived.
 *
 * At rest `DMOV` is 1. Any write of `VAL` makes it 0 at once, so that a `get` which follows on the same circuit sees the
 * motion; the record is then *moving* until its axis stands still, and `DMOV` is 1 again after the last `RBV` event.
 * - A target that is refused by a soft limit sets `LVIO`, takes `VAL` back, and ends as if it had moved.
 * - `STOP` brakes; then `VAL` is overwritten by `RBV` and `MISS` is 0: the target is forgotten.
 * - A limit switch ends the motion with `HLS` or `LLS`, and `RBV` creeps on for a moment after `DMOV` is 1; the alarm
 *   stays clear unless `HLSV` says otherwise.
 * - `VAL` written while it moves retargets; put-callbacks wait for each other (`PutQueue`).
 * - `SPMG` Stop is `STOP`, and Pause brakes, too, but keeps the target; Go goes on to what `VAL` is then.
 * - With `SET` = Set a write of `VAL` renames the position by `OFF` (or the dial, with `FOFF` = Frozen).
 */
export class MotorRecord extends EpicsRecord {
  readonly #axis: Axis;
  readonly #coordinates: Coordinates;
  #timer: NodeJS.Timeout | undefined;
  readonly #band: DeadBand;
  #isJogging = false;
  #isHomed = false;
  #isRefused = false;

  /** A fault: the next motion ends so far from its target, and the record says `MISS`. */
  missesBy = 0;

  constructor(name: string, options: MotorOptions = {}) {
    super(name, 'motor', options.description);
    const limits = (): Limits => this.#limits();
    defineMotorFields((field, own) => this.define(field, own), options, {
      units: () => this.field('EGU').text,
      precision: () => this.field('PREC').number,
      limits,
    });
    this.#coordinates = new Coordinates(
      (field) => this.field(field),
      (field, value) => this.#post(field, value),
    );
    this.#band = new DeadBand(
      options.position ?? 0,
      () => this.field('MDEL').number,
      () => this.field('ADEL').number,
    );
    this.#axis = new Axis({
      position: options.position ?? 0,
      switches: options.switches ?? [-1e6, 1e6],
      moved: (dial) => this.#readBack(dial),
      ended: (end) => this.#standsStill(end),
    });
  }

  protected override get isBusy(): boolean {
    return this.field('DMOV').number === 0;
  }

  /** A motor takes the next write while it moves. */
  protected override get isActive(): boolean {
    return false;
  }

  override close(): void {
    clearTimeout(this.#timer);
    this.#axis.close();
    super.close();
  }

  protected override store(field: Field, value: FieldValue): void {
    const before = field.number;
    super.store(field, value);
    if (field.name === 'VAL' && this.#refuses(field.number)) {
      this.#isRefused = true;
      field.store(before); // the record takes its set-point back
    }
  }

  protected override process(field: Field): void {
    this.stamp();
    const value = field.number;
    if (field.name === 'VAL') this.#go();
    else if (field.name === 'DVAL') this.#command(this.#coordinates.userOf(value));
    else if (field.name === 'RLV') this.#command(this.field('VAL').number + value);
    else if (field.name === 'STOP' && value !== 0) this.#axis.stop();
    else if (field.name === 'SPMG') this.#obey(value);
    else if (field.name === 'TWF' && value !== 0) this.#tweak(1);
    else if (field.name === 'TWR' && value !== 0) this.#tweak(-1);
    else if (field.name === 'HOMF' || field.name === 'HOMR') this.#home(value);
    else if (field.name === 'JOGF') this.#jogTowards(value !== 0 ? 1 : 0);
    else if (field.name === 'JOGR') this.#jogTowards(value !== 0 ? -1 : 0);
    else if (['OFF', 'DIR'].includes(field.name)) this.#renamed();
    else if (['HLM', 'LLM'].includes(field.name)) this.#coordinates.dialLimitsFollow();
    else if (['DHLM', 'DLLM'].includes(field.name)) this.#coordinates.userLimitsFollow();
    if (LIMITS.has(field.name)) this.announceProperties();
    if (['STOP', 'TWF', 'TWR', 'RLV'].includes(field.name)) this.#post(field.name, 0);
    this.ended();
  }

  protected override alarmedFields(): Field[] {
    return [this.field('VAL'), this.field('RBV')];
  }

  protected override ownAlarm(): Alarm {
    const isAtSwitch = this.field('HLS').number !== 0 || this.field('LLS').number !== 0;
    const severity: Severity = SEVERITIES[this.field('HLSV').number] ?? 'NO_ALARM';
    if (!isAtSwitch || severity === 'NO_ALARM') return NO_ALARM;
    return { condition: this.field('HLS').number !== 0 ? 'HIGH' : 'LOW', severity };
  }

  /** As if the set-point had been written. */
  #command(target: number): void {
    this.store(this.field('VAL'), target);
    this.#go();
  }

  /** To the set-point. */
  #go(): void {
    const isRefused = this.#isRefused;
    this.#isRefused = false;
    const target = this.field('VAL').number;
    this.#post('VAL', target, true);
    if (this.field('SET').number !== 0) return this.#redefine(target);
    if (this.field('SPMG').number < SPMG.MOVE) return;
    this.#post('LVIO', isRefused ? 1 : 0);
    this.#post('MISS', 0);
    this.#begins();
    const dial = this.#coordinates.dialOf(target);
    const isThere = Math.abs(dial - this.#axis.position) < this.field('SPDB').number;
    if (isRefused || (isThere && !this.#axis.isMoving)) return this.#endsSoon();
    this.#moveTo(dial + this.missesBy);
    this.missesBy = 0;
  }

  #moveTo(dial: number): void {
    this.#post('TDIR', dial > this.#axis.position ? 1 : 0);
    this.#post('MOVN', 1);
    this.#axis.goTo(dial, this.#speed);
    this.#postStatus();
  }

  get #speed(): Speed {
    return { velocity: this.field('VELO').number, acceleration: this.field('ACCL').number };
  }

  #begins(): void {
    clearTimeout(this.#timer);
    this.#post('DVAL', this.#coordinates.dialOf(this.field('VAL').number));
    this.#post('DMOV', 0);
  }

  /** Nothing to move: `DMOV` goes to 0 and back all the same, a moment later. */
  #endsSoon(): void {
    if (this.#axis.isMoving) return;
    this.#timer = setTimeout(() => this.#done(), 1);
  }

  #obey(mode: number): void {
    if (mode < SPMG.MOVE) return this.#axis.stop();
    const target = this.field('VAL').number;
    if (this.#coordinates.dialOf(target) !== this.#axis.position) this.#go();
  }

  #tweak(sign: 1 | -1): void {
    this.#command(this.field('VAL').number + sign * this.field('TWV').number);
  }

  #home(value: number): void {
    if (value !== 0) this.#command(this.#coordinates.userOf(0));
  }

  #jogTowards(sign: 1 | -1 | 0): void {
    if (sign === 0) return this.#axis.stop();
    this.#isJogging = true;
    this.#begins();
    const end = sign > 0 ? this.field('HLM').number : this.field('LLM').number;
    this.#moveTo(this.#coordinates.dialOf(end));
  }

  /** `SET` = Set: the same place has another name now. */
  #redefine(position: number): void {
    if (this.field('FOFF').number !== 0) this.#axis.redefine(this.#coordinates.dialOf(position));
    else this.#post('OFF', position - this.#coordinates.sign * this.#axis.position);
    this.#renamed();
  }

  #renamed(): void {
    this.#readBack(this.#axis.position);
    this.#post('VAL', this.field('RBV').number);
    this.#coordinates.userLimitsFollow();
    this.announceProperties();
  }

  #readBack(dial: number): void {
    this.stamp();
    this.#post('HLS', (this.#coordinates.sign > 0 ? this.#axis.isAtHighSwitch : this.#axis.isAtLowSwitch) ? 1 : 0);
    this.#post('LLS', (this.#coordinates.sign > 0 ? this.#axis.isAtLowSwitch : this.#axis.isAtHighSwitch) ? 1 : 0);
    const ofAlarm = this.refreshAlarm();
    this.#post('DRBV', dial);
    const rbv = this.field('RBV');
    rbv.store(this.#coordinates.userOf(dial));
    const kinds = ofAlarm | this.#band.kindsOf(rbv.number);
    if (kinds !== 0) rbv.announce(kinds);
    this.#postStatus();
  }

  #standsStill(end: AxisEnd): void {
    // As the real one: who stopped it is to find no old target there. A pause keeps it.
    const isTargetForgotten = end === 'stopped' && this.field('SPMG').number !== SPMG.PAUSE;
    if (isTargetForgotten || this.#isJogging) this.#post('VAL', this.field('RBV').number);
    this.#isJogging = false;
    if (end === 'arrived' && (this.field('HOMF').number !== 0 || this.field('HOMR').number !== 0)) this.#isHomed = true;
    this.#done();
  }

  #done(): void {
    this.stamp();
    const missing = this.field('VAL').number - this.field('RBV').number;
    const isAtSwitch = this.field('HLS').number + this.field('LLS').number > 0;
    const isPaused = this.field('SPMG').number === SPMG.PAUSE;
    this.#post('DIFF', missing);
    const isMissed = Math.abs(missing) > this.field('RDBD').number && !isAtSwitch && !isPaused;
    this.#post('MISS', isMissed ? 1 : 0);
    this.#post('MOVN', 0);
    for (const button of ['HOMF', 'HOMR', 'JOGF', 'JOGR']) this.#post(button, 0);
    if (this.field('SPMG').number === SPMG.MOVE) this.#post('SPMG', SPMG.PAUSE);
    this.#post('DMOV', 1);
    this.#postStatus();
    this.ended();
  }

  #postStatus(): void {
    this.#post(
      'MSTA',
      motorStatus({
        isPositive: this.field('TDIR').number !== 0,
        isDone: this.field('DMOV').number !== 0,
        isMoving: this.field('MOVN').number !== 0,
        isAtHighSwitch: this.#axis.isAtHighSwitch,
        isAtLowSwitch: this.#axis.isAtLowSwitch,
        isHomed: this.#isHomed,
      }),
    );
  }

  #refuses(user: number): boolean {
    return this.field('SET').number === 0 && this.#coordinates.isBeyondLimits(user);
  }

  #limits(): Limits {
    const range = [this.field('LLM').number, this.field('HLM').number] as const;
    return { display: range, control: range };
  }

  #post(name: string, value: number, always = false): void {
    const field = this.field(name);
    if (field.store(value) || always) field.announce(CHANGE.VALUE | CHANGE.LOG);
  }
}
