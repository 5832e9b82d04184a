import type { Access, AccessRules } from './access.ts';
import type { Beacons } from './server/beacons.ts';
import type { ServedCircuit } from './server/served-circuit.ts';

/** What may go wrong with an IOC, by request: for tests of everything that speaks to one. */
export class Faults {
  readonly #circuits: ReadonlySet<ServedCircuit>;
  readonly #access: AccessRules;
  readonly #beacons: () => Beacons | null;
  readonly #refused = new Set<string>();
  readonly #hidden = new Set<string>();
  #isFrozen = false;

  /** Every reply waits this long; the order stays. */
  replyDelayMs = 0;

  constructor(circuits: ReadonlySet<ServedCircuit>, access: AccessRules, beacons: () => Beacons | null) {
    this.#circuits = circuits;
    this.#access = access;
    this.#beacons = beacons;
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
    setTimeout(() => this.thaw(), seconds * 1000).unref();
  }

  dropCircuits(): void {
    for (const circuit of this.#circuits) circuit.destroy();
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
    this.#access.set(recordName, access);
  }

  /** Takes the channels of a record away (`SERVER_DISCONN`); they are found again. */
  disconnect(recordName: string): void {
    for (const circuit of this.#circuits) circuit.disconnect(recordName);
  }

  /** A beacon out of turn, or one that repeats or jumps in number. */
  beacon(number?: number): void {
    this.#beacons()?.send(number);
  }

  #setFrozen(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    for (const circuit of this.#circuits) circuit.freeze(isFrozen);
  }
}
