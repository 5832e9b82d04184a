import { type Alarm, isWorse, SEVERITIES, type Severity } from './alarm.ts';
import { DeadBand } from './dead-band.ts';
import type { Field, Limits } from './field.ts';
import { OutputRecord, type OutputOptions } from './output-record.ts';
import { castNumber, type FieldValue } from './value.ts';

export interface AnalogOptions extends OutputOptions {
  readonly value?: number;
  readonly units?: string;
  readonly precision?: number;
  /** `LOPR`, `HOPR`. */
  readonly display?: readonly [low: number, high: number];
  /** `DRVL`, `DRVH`: a written value is clipped to them. */
  readonly drive?: readonly [low: number, high: number];
  /** `LOW`, `HIGH`, with severity MINOR unless told. */
  readonly warning?: readonly [low: number, high: number];
  /** `LOLO`, `HIHI`, with severity MAJOR unless told. */
  readonly alarm?: readonly [low: number, high: number];
  /** `MDEL` and `ADEL`. */
  readonly monitorBand?: number;
  readonly archiveBand?: number;
}

const PROPERTIES = new Set(['EGU', 'PREC', 'HOPR', 'LOPR', 'DRVH', 'DRVL', 'HIHI', 'HIGH', 'LOW', 'LOLO']);

/** `ao`, `ai` (numbers with a point) and `longout`, `longin` (32-bit integers). */
export class AnalogRecord extends OutputRecord {
  readonly #type: 'DOUBLE' | 'LONG';
  readonly #band: DeadBand;

  constructor(name: string, recordType: 'ao' | 'ai' | 'longout' | 'longin', options: AnalogOptions = {}) {
    super(name, recordType, options);
    const type = recordType.startsWith('a') ? 'DOUBLE' : 'LONG';
    this.#type = type;
    const limits = (): Limits => this.#limits();
    const shown = { units: () => this.field('EGU').text, precision: () => this.field('PREC').number, limits };
    this.define('VAL', { type, initial: options.value ?? 0, processes: true, ...shown });
    this.define('EGU', { type: 'STRING', initial: options.units ?? '', textBytes: 16 });
    this.define('PREC', { type: 'SHORT', initial: options.precision ?? 0 });
    this.#definePair(['LOPR', 'HOPR'], options.display);
    this.#definePair(['DRVL', 'DRVH'], options.drive);
    this.#definePair(['LOW', 'HIGH'], options.warning);
    this.#definePair(['LOLO', 'HIHI'], options.alarm);
    this.#defineSeverities(['LSV', 'HSV'], options.warning && 'MINOR');
    this.#defineSeverities(['LLSV', 'HHSV'], options.alarm && 'MAJOR');
    this.define('MDEL', { type, initial: options.monitorBand ?? 0 });
    this.define('ADEL', { type, initial: options.archiveBand ?? 0 });
    this.#band = new DeadBand(
      options.value ?? 0,
      () => this.field('MDEL').number,
      () => this.field('ADEL').number,
    );
  }

  protected override store(field: Field, value: FieldValue): void {
    super.store(field, field === this.value ? this.#driven(Number(value)) : value);
    if (PROPERTIES.has(field.name)) this.announceProperties();
  }

  protected override changeOfValue(): number {
    return this.#band.kindsOf(this.value.number);
  }

  protected override ownAlarm(): Alarm {
    const failure = super.ownAlarm();
    const byLimit = this.#limitAlarm(this.value.number);
    return isWorse(byLimit.severity, failure.severity) ? byLimit : failure;
  }

  #limitAlarm(value: number): Alarm {
    const at = (name: string): number => this.field(name).number;
    const severity = (name: string): Severity => SEVERITIES[at(name)] ?? 'INVALID';
    const crossed: Alarm[] = [];
    if (value >= at('HIHI')) crossed.push({ condition: 'HIHI', severity: severity('HHSV') });
    if (value <= at('LOLO')) crossed.push({ condition: 'LOLO', severity: severity('LLSV') });
    if (value >= at('HIGH')) crossed.push({ condition: 'HIGH', severity: severity('HSV') });
    if (value <= at('LOW')) crossed.push({ condition: 'LOW', severity: severity('LSV') });
    return crossed.find((alarm) => alarm.severity !== 'NO_ALARM') ?? { condition: 'NO_ALARM', severity: 'NO_ALARM' };
  }

  #driven(value: number): number {
    const low = this.field('DRVL').number;
    const high = this.field('DRVH').number;
    return castNumber(this.#type, low < high ? Math.min(Math.max(value, low), high) : value);
  }

  #limits(): Limits {
    const pair = (low: string, high: string) => [this.field(low).number, this.field(high).number] as const;
    // A limit without a severity is none: clients are told NaN.
    const guarded = (name: string, severity: string) =>
      this.field(severity).number === 0 ? NaN : this.field(name).number;
    const display = pair('LOPR', 'HOPR');
    const drive = pair('DRVL', 'DRVH');
    return {
      display,
      control: drive[0] < drive[1] ? drive : display,
      warning: [guarded('LOW', 'LSV'), guarded('HIGH', 'HSV')],
      alarm: [guarded('LOLO', 'LLSV'), guarded('HIHI', 'HHSV')],
    };
  }

  #definePair([lowName, highName]: readonly [string, string], values: readonly [number, number] = [0, 0]): void {
    this.define(lowName, { type: this.#type, initial: values[0] });
    this.define(highName, { type: this.#type, initial: values[1] });
  }

  #defineSeverities(names: readonly string[], severity: Severity = 'NO_ALARM'): void {
    const initial = SEVERITIES.indexOf(severity);
    for (const name of names) this.define(name, { type: 'ENUM', choices: SEVERITIES, initial });
  }
}
