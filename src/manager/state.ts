import { isDeepStrictEqual } from 'node:util';
import { StateMachine } from '../lib/define-states.ts';
import { managerStates } from '../protocol/states.ts';
import type { ManagerState as ManagerStateWord } from '../protocol/states.ts';
import type { OpenRun, WorkerState } from '../protocol/worker/state.ts';

/**
 * What the manager knows of itself and of its worker; `status` derives from it. The word is changed through `machine`
 * alone (its story stands with `managerStates`), everything else through the methods; each change is told once.
 */
export class ManagerState {
  readonly machine: StateMachine<ManagerStateWord>;
  readonly #changed: () => void;
  #worker: WorkerState | null = null;
  #hasEnvironment = false;
  #isPausePending = false;
  #isStopPending = false;
  #isWorkerSilent = false;
  #runs: readonly OpenRun[] = [];
  #runListUid: string = crypto.randomUUID();

  constructor(changed: () => void) {
    this.#changed = changed;
    this.machine = new StateMachine<ManagerStateWord>(managerStates, 'initializing', changed);
  }

  /** What the worker told last; null without an environment that is open, opening or closing. */
  get worker(): WorkerState | null {
    return this.#worker;
  }
  get hasEnvironment(): boolean {
    return this.#hasEnvironment;
  }
  /** From an accepted pause until the plan is paused or over. */
  get isPausePending(): boolean {
    return this.#isPausePending;
  }
  get isStopPending(): boolean {
    return this.#isStopPending;
  }
  /** The worker's process is there and does not answer. */
  get isWorkerSilent(): boolean {
    return this.#isWorkerSilent;
  }
  get runs(): readonly OpenRun[] {
    return this.#runs;
  }
  get runListUid(): string {
    return this.#runListUid;
  }

  workerTold(told: WorkerState): void {
    this.#worker = told.environment_state === 'closed' ? null : told;
    if (!isDeepStrictEqual(told.runs, this.#runs)) this.#setRuns(told.runs);
    this.#changed();
  }

  environmentOpened(): void {
    this.#hasEnvironment = true;
    this.#isPausePending = false;
    this.#changed();
  }

  /** Closed, destroyed or dead: nothing that was told of it holds any more. */
  environmentGone(): void {
    this.#hasEnvironment = false;
    this.#isPausePending = false;
    this.#isWorkerSilent = false;
    this.#worker = null;
    if (this.#runs.length > 0) this.#setRuns([]);
    this.#changed();
  }

  setPausePending(isPending: boolean): void {
    this.#isPausePending = isPending;
    this.#changed();
  }

  setStopPending(isPending: boolean): void {
    this.#isStopPending = isPending;
    this.#changed();
  }

  setWorkerSilent(isSilent: boolean): void {
    if (isSilent === this.#isWorkerSilent) return;
    this.#isWorkerSilent = isSilent;
    this.#changed();
  }

  /** A plan had runs that were opened and closed between two looks: who compares UIDs must see that. */
  touchRuns(): void {
    this.#setRuns(this.#runs);
    this.#changed();
  }

  #setRuns(runs: readonly OpenRun[]): void {
    this.#runs = runs;
    this.#runListUid = crypto.randomUUID();
  }
}
