import type { Access, AccessRules } from './access.ts';
import type { Database } from './database.ts';
import type { Severity } from './records/alarm.ts';
import { PutRefused } from './records/conversion.ts';
import { MotorRecord } from './records/motor/motor-record.ts';
import type { Beacons } from './server/beacons.ts';
import type { ServedCircuit } from './server/served-circuit.ts';

export interface FaultyIoc {
  readonly database: Database;
  readonly circuits: ReadonlySet<ServedCircuit>;
  readonly access: AccessRules;
  readonly beacons: () => Beacons | null;
}

/** What may go wrong with an IOC, by request: for tests of everything that speaks to one. */
export class Faults {
  readonly #ioc: FaultyIoc;
  readonly #refused = new Set<string>();
  readonly #hidden = new Set<string>();
  #isFrozen = false;
  #thawing: NodeJS.Timeout | undefined;

  /** Every reply waits this long; the order stays. */
  replyDelayMs = 0;

  constructor(ioc: FaultyIoc) {
    this.#ioc = ioc;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** Reads nothing and says nothing, as a stopped process, until it is thawed. Nothing is lost. */
  freeze(): void {
    this.#setFrozen(true);
  }
  thaw(): void {
    this.#setFrozen(false);
  }

  /** For a number of seconds: a client that froze the IOC has no way to thaw it. */
  freezeFor(seconds: number): void {
    this.freeze();
    this.#thawing = setTimeout(() => this.thaw(), seconds * 1000).unref();
  }

  dropCircuits(): void {
    for (const circuit of this.#ioc.circuits) circuit.destroy();
  }

  /** A name that is found and then refused (`CREATE_CH_FAIL`). */
  refuse(pvName: string, isRefused = true): void {
    if (isRefused) this.#refused.add(pvName);
    else this.#refused.delete(pvName);
  }

  isRefused(pvName: string): boolean {
    return this.#refused.has(pvName);
  }

  /** A name that no search finds. */
  hide(pvName: string, isHidden = true): void {
    if (isHidden) this.#hidden.add(pvName);
    else this.#hidden.delete(pvName);
  }

  isHidden(pvName: string): boolean {
    return this.#hidden.has(pvName);
  }

  setAccess(recordName: string, access: Access): void {
    this.#ioc.access.set(recordName, access);
  }

  /** Takes the channels of a record away (`SERVER_DISCONN`); they are found again. */
  disconnect(recordName: string): void {
    for (const circuit of this.#ioc.circuits) circuit.disconnect(recordName);
  }

  /** Readings of a record carry this alarm until it is taken back by `NO_ALARM`. @throws PutRefused for an unknown name */
  setAlarm(recordName: string, severity: Severity): void {
    this.#record(recordName).forceAlarm({ condition: severity === 'NO_ALARM' ? 'NO_ALARM' : 'STATE', severity });
  }

  /** The next motion of a motor ends so far from its target, as a slipping one. @throws PutRefused for what is no motor */
  miss(recordName: string, distance: number): void {
    const motor = this.#record(recordName);
    if (!(motor instanceof MotorRecord)) throw new PutRefused(`'${recordName}' is not a motor`);
    motor.missesBy = distance;
  }

  /** A beacon out of turn, or one that repeats or jumps in number. */
  beacon(number?: number): void {
    this.#ioc.beacons()?.send(number);
  }

  #record(name: string) {
    const pv = this.#ioc.database.find(name);
    if (pv === undefined) throw new PutRefused(`there is no record '${name}'`);
    return pv.record;
  }

  #setFrozen(isFrozen: boolean): void {
    clearTimeout(this.#thawing); // the last word counts
    this.#isFrozen = isFrozen;
    for (const circuit of this.#ioc.circuits) circuit.freeze(isFrozen);
  }
}
