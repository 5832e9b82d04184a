import { CHANGE, type Field } from './field.ts';
import { EpicsRecord } from './record.ts';
import type { FieldValue } from './value.ts';

export interface ScalerOptions {
  readonly description?: string;
  /** Names of the channels, the clock first; counts a second of each follow from `rates`. */
  readonly names: readonly string[];
  /** Counts a second of each channel, asked when counting ends. The first is the clock's `FREQ`. */
  readonly rates: readonly (() => number)[];
}

/**
 * A scaler, as far as a counting client uses one: writing `CNT` 1 counts for `TP` seconds; a put-callback to it is
 * answered when counting has ended. Writing 0 ends it early. `T` is how long it counted, `S1` … what each channel has.
 */
export class ScalerRecord extends EpicsRecord {
  readonly #rates: ScalerOptions['rates'];
  #timer: NodeJS.Timeout | undefined;
  #began = 0;

  constructor(name: string, { description, names, rates }: ScalerOptions) {
    super(name, 'scaler', description);
    this.#rates = rates;
    const seconds = { type: 'DOUBLE', units: () => 's', precision: () => 3 } as const;
    this.define('VAL', { type: 'DOUBLE' });
    this.define('CNT', { type: 'ENUM', choices: ['Done', 'Count'], processes: true });
    this.define('CONT', { type: 'ENUM', choices: ['OneShot', 'AutoCount'] });
    this.define('TP', { ...seconds, initial: 1 });
    this.define('TP1', { ...seconds, initial: 1 });
    this.define('T', { ...seconds, isReadOnly: true });
    this.define('DLY', seconds);
    this.define('DLY1', seconds);
    this.define('FREQ', { type: 'DOUBLE', initial: 1e7 });
    this.define('PREC', { type: 'SHORT', initial: 3 });
    this.define('EGU', { type: 'STRING', initial: 'counts', textBytes: 16 });
    this.define('NCH', { type: 'SHORT', initial: names.length, isReadOnly: true });
    for (const [index, channel] of names.entries()) {
      this.define(`NM${index + 1}`, { type: 'STRING', initial: channel });
      this.define(`S${index + 1}`, { type: 'LONG', isReadOnly: true });
      this.define(`PR${index + 1}`, { type: 'LONG' });
    }
  }

  protected override get isBusy(): boolean {
    return this.field('CNT').number !== 0;
  }

  protected override get isActive(): boolean {
    return false;
  }

  override close(): void {
    clearTimeout(this.#timer);
    super.close();
  }

  protected override store(field: Field, value: FieldValue): void {
    const wasCounting = this.isBusy;
    super.store(field, value);
    if (field.name === 'CNT' && wasCounting && field.number === 0) this.#end();
  }

  protected override process(field: Field): void {
    if (field.name !== 'CNT' || field.number === 0) return this.ended();
    clearTimeout(this.#timer);
    this.#began = performance.now();
    this.#timer = setTimeout(() => this.#end(), Math.max(0, this.field('TP').number) * 1000);
  }

  protected override alarmedFields(): Field[] {
    return [this.field('CNT')];
  }

  #end(): void {
    clearTimeout(this.#timer);
    const preset = this.field('TP').number;
    const seconds = Math.min((performance.now() - this.#began) / 1000, preset);
    this.stamp();
    this.#post('T', seconds);
    for (const [index, rate] of this.#rates.entries()) this.#post(`S${index + 1}`, Math.round(rate() * seconds));
    this.#post('CNT', 0);
    this.ended();
  }

  #post(name: string, value: number): void {
    const field = this.field(name);
    field.store(value);
    field.announce(CHANGE.VALUE | CHANGE.LOG);
  }
}
