import type { Happening, Patience, PlanQueue } from '../queue/queue-interface.ts';
import type { ManagerState } from '../state.ts';

/**
 * What must be known of a queue that runs when its manager is gone: that it runs, also between two items, and whether it
 * is to stop after the running one. Kept under the original's name, which reads `enabled` alone. Beginning and end of such
 * a queue are events of the log, written in the same step.
 */
export class StopPending {
  readonly #queue: Pick<PlanQueue, 'kept' | 'keep' | 'size'>;
  readonly #state: Pick<ManagerState, 'isStopPending' | 'setStopPending'>;
  #isQueueRunning = false;

  constructor(
    queue: Pick<PlanQueue, 'kept' | 'keep' | 'size'>,
    state: Pick<ManagerState, 'isStopPending' | 'setStopPending'>,
  ) {
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
    await this.#keep(isPending, this.#isQueueRunning, { reason: '' });
  }

  /** Neither start nor rest of a queue leaves a request to stop. A queue that rests, rests: that waits for its store. */
  async setQueueRunning(isRunning: boolean, reason: string): Promise<void> {
    await this.#keep(false, isRunning, { reason, waits: !isRunning });
  }

  async #keep(
    enabled: boolean,
    running: boolean,
    { reason, ...patience }: Patience & { reason: string },
  ): Promise<void> {
    const text = JSON.stringify({ enabled, running });
    if (text !== (this.#queue.kept('stop_pending') ?? NEITHER)) {
      const events: Happening[] = [];
      if (enabled !== this.isSet) events.push({ kind: 'stop_pending_changed', detail: { enabled } });
      if (running && !this.#isQueueRunning) events.push({ kind: 'queue_started', detail: { reason } });
      if (!running && this.#isQueueRunning) {
        events.push({ kind: 'queue_finished', detail: { reason, items_left: this.#queue.size } });
      }
      await this.#queue.keep('stop_pending', { text, events }, patience);
    }
    this.#isQueueRunning = running;
    if (enabled !== this.isSet) this.#state.setStopPending(enabled);
  }
}

const NEITHER = JSON.stringify({ enabled: false, running: false });
