import { type Alarm, CONDITIONS, isWorse, NO_ALARM, SEVERITIES } from './alarm.ts';
import { cutText, PutRefused } from './conversion.ts';
import { CHANGE, Field, type FieldOptions } from './field.ts';
import { PutQueue } from './put-queue.ts';
import type { FieldValue } from './value.ts';

/**
 * A record of the database: fields with one alarm and one time stamp, and what happens when one of them is written.
 *
 * A write stores the value; when the field is one that processes, the record processes at once, unless it is still
 * *active* from the last time: then it processes once more when that ends. A put-callback is answered when all that it
 * set going has ended, successful or not. Two put-callbacks to one record are never under way together: the second
 * waits for the end of the first.
 */
export abstract class EpicsRecord {
  readonly name: string;
  readonly #fields = new Map<string, Field>();
  readonly #puts: PutQueue;
  #closing: AbortController | undefined;
  #isClosed = false;
  #alarm = NO_ALARM;
  #forcedAlarm = NO_ALARM;
  #at = Date.now() / 1000;
  #processesAgain = false;

  constructor(name: string, recordType: string, description = '') {
    this.name = name;
    this.#puts = new PutQueue({
      take: (field, value) => this.put(field, value),
      isBusy: () => this.isBusy,
      isActive: () => this.isActive,
    });
    this.define('NAME', { type: 'STRING', initial: name, isReadOnly: true, textBytes: 61 });
    this.define('RTYP', { type: 'STRING', initial: recordType, isReadOnly: true });
    this.define('DESC', { type: 'STRING', initial: description, textBytes: 41 });
    this.define('STAT', { type: 'ENUM', choices: CONDITIONS, isReadOnly: true });
    this.define('SEVR', { type: 'ENUM', choices: SEVERITIES, isReadOnly: true });
    this.define('UDF', { type: 'CHAR' });
    this.define('PACT', { type: 'CHAR', isReadOnly: true });
    this.define('PROC', { type: 'CHAR', processes: true });
    this.define('DISP', { type: 'CHAR' });
    this.define('SCAN', { type: 'ENUM', choices: ['Passive'] });
    this.define('FLNK', { type: 'STRING' });
  }

  get fields(): ReadonlyMap<string, Field> {
    return this.#fields;
  }

  get alarm(): Alarm {
    return this.#alarm;
  }

  /** When the record processed last, in seconds since 1970. */
  get at(): number {
    return this.#at;
  }

  /** Something that a write set going has not ended yet; a put-callback is answered when it has. */
  protected get isBusy(): boolean {
    return false;
  }

  /** `PACT`: the record cannot process now. Most records that are busy are active; a motor never is. */
  protected get isActive(): boolean {
    return this.isBusy;
  }

  /** Aborted when the IOC closes: whatever waits for time to pass ends then. Made when first needed: records are many. */
  protected get closing(): AbortSignal {
    this.#closing ??= new AbortController();
    if (this.#isClosed) this.#closing.abort();
    return this.#closing.signal;
  }

  /** @throws Error for a field that this record type does not have: a bug of the caller, not of a client */
  field(name: string): Field {
    const field = this.#fields.get(name);
    if (field === undefined) throw new Error(`record '${this.name}' has no field '${name}'`);
    return field;
  }

  /**
   * Writes without a callback: a value of the field's own type.
   * @throws PutRefused for a read-back, a record that is disabled (`DISP`), or a value that the record does not take
   */
  put(field: Field, value: FieldValue): void {
    if (field.isReadOnly) throw new PutRefused(`${this.name}.${field.name} cannot be written`);
    if (field.name !== 'DISP' && this.field('DISP').number !== 0) throw new PutRefused(`${this.name} is disabled`);
    this.store(field, value);
    const isPosted = !(field.processes && field.name === 'VAL');
    if (isPosted) field.announce(CHANGE.VALUE | CHANGE.LOG);
    if (!field.processes) return;
    if (this.isActive) this.#processesAgain = true;
    else this.process(field);
  }

  /** Writes and calls `done` once, when all has ended, or with the refusal. The returned function gives up waiting. */
  putCallback(field: Field, value: FieldValue, done: (refusal: PutRefused | null) => void): () => void {
    return this.#puts.add({ field, value, done });
  }

  /** For a fault: this alarm, or a worse one of the record's own, until `NO_ALARM` is forced. */
  forceAlarm(alarm: Alarm): void {
    this.#forcedAlarm = alarm;
    this.stamp();
    const kinds = this.refreshAlarm();
    if (kinds !== 0) for (const field of this.alarmedFields()) field.announce(kinds);
  }

  /** The IOC ends: no timer stays behind. */
  close(): void {
    this.#isClosed = true;
    this.#closing?.abort();
  }

  protected define(name: string, options: FieldOptions): Field {
    const field = new Field(name, options);
    this.#fields.set(name, field);
    return field;
  }

  /** Stores a written value; a record that takes only some values, or does more, says so here. */
  protected store(field: Field, value: FieldValue): void {
    field.store(typeof value === 'string' ? cutText(value, field.textBytes - 1) : value);
  }

  /** What the record does when it is told to; `field` is the one that was written. */
  protected abstract process(field: Field): void;

  /** Whose events carry a change of the alarm. */
  protected alarmedFields(): Field[] {
    return [this.field('VAL')];
  }

  /** The alarm by the record's own values. */
  protected ownAlarm(): Alarm {
    return NO_ALARM;
  }

  protected stamp(): void {
    this.#at = (performance.timeOrigin + performance.now()) / 1000;
  }

  /** Works the alarm out anew; gives `CHANGE.ALARM` when it is another one, 0 when not. */
  protected refreshAlarm(): number {
    const own = this.ownAlarm();
    const alarm = isWorse(own.severity, this.#forcedAlarm.severity) ? own : this.#forcedAlarm;
    const before = this.#alarm;
    if (alarm.condition === before.condition && alarm.severity === before.severity) return 0;
    this.#alarm = alarm;
    this.#tell('STAT', CONDITIONS.indexOf(alarm.condition));
    this.#tell('SEVR', SEVERITIES.indexOf(alarm.severity));
    return CHANGE.ALARM;
  }

  /** Units, limits or states have changed: clients that asked for it read them again. */
  protected announceProperties(): void {
    for (const field of this.#fields.values()) field.announce(CHANGE.PROPERTY);
  }

  protected showActive(isActive: boolean): void {
    this.#tell('PACT', isActive ? 1 : 0);
  }

  /** What the last write set going is over: process again if a write asked for it meanwhile, and answer who waits. */
  protected ended(): void {
    if (this.#processesAgain) {
      this.#processesAgain = false;
      this.process(this.field('PROC'));
      if (this.isBusy) return;
    }
    this.#puts.advance();
  }

  #tell(name: string, value: number): void {
    const field = this.field(name);
    if (field.store(value)) field.announce(CHANGE.VALUE | CHANGE.LOG);
  }
}
