import { type Alarm, NO_ALARM, SEVERITIES, type Severity } from '../alarm.ts';
import { CHANGE, type Field, type Limits } from '../field.ts';
import { EpicsRecord } from '../record.ts';
import type { FieldValue } from '../value.ts';
import { Axis, type AxisEnd } from './axis.ts';
import { defineMotorFields, type MotorOptions } from './motor-fields.ts';

const SPMG = { STOP: 0, PAUSE: 1, MOVE: 2, GO: 3 } as const;

/**
 * The motor record, as far as clients can tell it from the real one (motor 7 on motorSim): above all, the end of a
 * put-callback to `VAL` says that motion has ended, and never that the motor has arrived.
 *
 * At rest `DMOV` is 1. Any write of `VAL` makes it 0 at once, so that a `get` which follows on the same circuit sees the
 * motion; the record is then *moving* until its axis stands still, and `DMOV` is 1 again after the last `RBV` event.
 * - A target that is refused by a soft limit sets `LVIO`, takes `VAL` back, and ends as if it had moved.
 * - `STOP` brakes; then `VAL` is overwritten by `RBV` and `MISS` is 0: the target is forgotten.
 * - A limit switch ends the motion with `HLS` or `LLS`; the alarm stays clear unless `HLSV` says otherwise.
 * - `VAL` written while it moves retargets; put-callbacks wait for each other (`PutQueue`).
 * - With `SET` = Set a write of `VAL` renames the position by `OFF` (or the dial, with `FOFF` = Frozen).
 */
export class MotorRecord extends EpicsRecord {
  readonly #axis: Axis;
  #timer: NodeJS.Timeout | undefined;
  #jog: 1 | -1 | 0 = 0;
  #isRefused = false;

  constructor(name: string, options: MotorOptions = {}) {
    super(name, 'motor', options.description);
    const limits = (): Limits => this.#limits();
    defineMotorFields((field, own) => this.define(field, own), options, {
      units: () => this.field('EGU').text,
      precision: () => this.field('PREC').number,
      limits,
    });
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
    else if (field.name === 'DVAL') this.#command(this.#userOf(value));
    else if (field.name === 'RLV') this.#command(this.field('VAL').number + value);
    else if (field.name === 'STOP' && value !== 0) this.#stop();
    else if (field.name === 'SPMG') this.#obey(value);
    else if (field.name === 'TWF' && value !== 0) this.#tweak(1);
    else if (field.name === 'TWR' && value !== 0) this.#tweak(-1);
    else if (field.name === 'HOMF' || field.name === 'HOMR') this.#home(value);
    else if (field.name === 'JOGF') this.#jogTowards(value !== 0 ? 1 : 0);
    else if (field.name === 'JOGR') this.#jogTowards(value !== 0 ? -1 : 0);
    else if (['OFF', 'DIR'].includes(field.name)) this.#renamed();
    else if (['HLM', 'LLM'].includes(field.name)) this.#limitsByUser();
    else if (['DHLM', 'DLLM'].includes(field.name)) this.#limitsByDial();
    if (['STOP', 'TWF', 'TWR', 'RLV'].includes(field.name)) this.#post(field.name, 0);
    this.ended();
  }

  protected override alarmedFields(): Field[] {
    return [this.field('VAL'), this.field('RBV')];
  }

  protected override ownAlarm(): Alarm {
    const isAtSwitch = this.field('HLS').number !== 0 || this.field('LLS').number !== 0;
    const severity: Severity = SEVERITIES[this.field('HLSV').number] ?? 'NO_ALARM';
    return isAtSwitch && severity !== 'NO_ALARM' ? { condition: 'HIGH', severity } : NO_ALARM;
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
    const dial = this.#dialOf(target);
    const isThere = Math.abs(dial - this.#axis.position) < this.field('SPDB').number;
    if (isRefused || (isThere && !this.#axis.isMoving)) return this.#endsSoon();
    this.#post('TDIR', dial > this.#axis.position ? 1 : 0);
    this.#post('MOVN', 1);
    for (const limit of ['HLS', 'LLS']) this.#post(limit, 0);
    this.#axis.goTo(dial, this.field('VELO').number, this.field('ACCL').number);
  }

  #begins(): void {
    clearTimeout(this.#timer);
    this.#post('DVAL', this.#dialOf(this.field('VAL').number));
    this.#post('DMOV', 0, true);
  }

  /** Nothing to move: `DMOV` goes to 0 and back all the same, a moment later. */
  #endsSoon(): void {
    if (this.#axis.isMoving) return;
    this.#timer = setTimeout(() => this.#done(), 1);
  }

  #stop(): void {
    this.#jog = 0;
    this.#axis.stop(this.field('ACCL').number);
  }

  #obey(mode: number): void {
    if (mode < SPMG.MOVE) return this.#axis.stop(this.field('ACCL').number);
    const target = this.field('VAL').number;
    if (this.#dialOf(target) !== this.#axis.position) this.#go();
  }

  #tweak(sign: 1 | -1): void {
    this.#command(this.field('VAL').number + sign * this.field('TWV').number);
  }

  #home(value: number): void {
    if (value !== 0) this.#command(this.#userOf(0));
  }

  #jogTowards(sign: 1 | -1 | 0): void {
    if (sign === 0) return this.#stop();
    this.#jog = sign;
    this.#begins();
    this.#post('MOVN', 1);
    const end = sign > 0 ? this.field('HLM').number : this.field('LLM').number;
    this.#axis.goTo(this.#dialOf(end), this.field('VELO').number, this.field('ACCL').number);
  }

  /** `SET` = Set: the same place has another name now. */
  #redefine(position: number): void {
    if (this.field('FOFF').number !== 0) this.#axis.redefine(this.#dialOf(position));
    else this.#post('OFF', position - this.#sign * this.#axis.position);
    this.#renamed();
  }

  #renamed(): void {
    this.#readBack(this.#axis.position);
    this.#post('VAL', this.field('RBV').number);
    this.#limitsByDial();
  }

  #limitsByUser(): void {
    const dials = [this.#dialOf(this.field('LLM').number), this.#dialOf(this.field('HLM').number)];
    this.#post('DLLM', Math.min(...dials));
    this.#post('DHLM', Math.max(...dials));
    this.announceProperties();
  }

  #limitsByDial(): void {
    const users = [this.#userOf(this.field('DLLM').number), this.#userOf(this.field('DHLM').number)];
    this.#post('LLM', Math.min(...users));
    this.#post('HLM', Math.max(...users));
    this.announceProperties();
  }

  #readBack(dial: number): void {
    this.stamp();
    const kinds = this.refreshAlarm();
    this.field('DRBV').store(dial);
    this.field('DRBV').announce(CHANGE.VALUE | CHANGE.LOG);
    const rbv = this.field('RBV');
    if (rbv.store(this.#userOf(dial)) || kinds !== 0) rbv.announce(CHANGE.VALUE | CHANGE.LOG | kinds);
  }

  #standsStill(end: AxisEnd): void {
    if (end === 'at-high-switch' || end === 'at-low-switch') {
      this.#post(end === 'at-high-switch' ? 'HLS' : 'LLS', 1);
      this.#readBack(this.#axis.position);
    }
    // As the real one: who stopped it is to find no old target there.
    if (end === 'stopped' || this.#jog !== 0) this.#post('VAL', this.field('RBV').number);
    this.#jog = 0;
    this.#done();
  }

  #done(): void {
    this.stamp();
    const rbv = this.field('RBV');
    rbv.announce(CHANGE.LOG);
    const isMissed = Math.abs(rbv.number - this.field('VAL').number) > this.field('RDBD').number;
    this.#post('DIFF', this.field('VAL').number - rbv.number);
    const isAtSwitch = this.field('HLS').number + this.field('LLS').number > 0;
    this.#post('MISS', isMissed && !isAtSwitch ? 1 : 0);
    this.#post('MOVN', 0);
    for (const button of ['HOMF', 'HOMR', 'JOGF', 'JOGR']) this.#post(button, 0);
    this.#post('DMOV', 1, true);
    this.ended();
  }

  #refuses(user: number): boolean {
    const hasLimits = this.field('DHLM').number !== this.field('DLLM').number;
    if (!hasLimits || this.field('SET').number !== 0) return false;
    return user > this.field('HLM').number || user < this.field('LLM').number;
  }

  #limits(): Limits {
    const range = [this.field('LLM').number, this.field('HLM').number] as const;
    return { display: range, control: range };
  }

  get #sign(): 1 | -1 {
    return this.field('DIR').number === 0 ? 1 : -1;
  }
  #dialOf(user: number): number {
    return this.#sign * (user - this.field('OFF').number);
  }
  #userOf(dial: number): number {
    return this.#sign * dial + this.field('OFF').number;
  }

  #post(name: string, value: number, always = false): void {
    const field = this.field(name);
    if (field.store(value) || always) field.announce(CHANGE.VALUE | CHANGE.LOG);
  }
}
