import type { Patience, PlanQueue } from '../queue/queue-interface.ts';
import type { ManagerState } from '../state.ts';

/**
 * What must be known of a queue that runs when its manager is gone: that it runs, also between two items, and whether it
 * is to stop after the running one. Kept under the original's name, which reads `enabled` alone.
 */
export class StopPending {
  readonly #queue: Pick<PlanQueue, 'kept' | 'keep'>;
  readonly #state: Pick<ManagerState, 'isStopPending' | 'setStopPending'>;
  #isQueueRunning = false;

  constructor(queue: Pick<PlanQueue, 'kept' | 'keep'>, state: Pick<ManagerState, 'isStopPending' | 'setStopPending'>) {
    this.#queue = queue;
    this.#state = state;
  }

  get isSet(): boolean {
    return this.#state.isStopPending;
  }

  get isQueueRunning(): boolean {
    return this.#isQueueRunning;
  }

  /** What the last manager left. */
  restore(): void {
    const kept = JSON.parse(this.#queue.kept('stop_pending') ?? '{}') as { enabled?: boolean; running?: boolean };
    this.#isQueueRunning = kept.running === true;
    this.#state.setStopPending(kept.enabled === true);
  }

  async set(isPending: boolean): Promise<void> {
    await this.#keep(isPending, this.#isQueueRunning);
  }

  /** Neither start nor rest of a queue leaves a request to stop. A queue that rests, rests: that waits for its store. */
  async setQueueRunning(isRunning: boolean): Promise<void> {
    await this.#keep(false, isRunning, { waits: !isRunning });
  }

  async #keep(enabled: boolean, running: boolean, patience: Patience = {}): Promise<void> {
    const text = JSON.stringify({ enabled, running });
    if (text !== (this.#queue.kept('stop_pending') ?? NEITHER)) await this.#queue.keep('stop_pending', text, patience);
    this.#isQueueRunning = running;
    if (enabled !== this.isSet) this.#state.setStopPending(enabled);
  }
}

const NEITHER = JSON.stringify({ enabled: false, running: false });
