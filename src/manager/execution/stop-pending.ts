import type { PlanQueue } from '../queue/queue-interface.ts';
import type { ManagerState } from '../state.ts';

/** The request to stop the queue after the running item. It is on disk, so that a manager that comes back knows it. */
export class StopPending {
  readonly #queue: Pick<PlanQueue, 'kept' | 'keep'>;
  readonly #state: Pick<ManagerState, 'isStopPending' | 'setStopPending'>;

  constructor(queue: Pick<PlanQueue, 'kept' | 'keep'>, state: Pick<ManagerState, 'isStopPending' | 'setStopPending'>) {
    this.#queue = queue;
    this.#state = state;
  }

  get isSet(): boolean {
    return this.#state.isStopPending;
  }

  /** What the last manager left. */
  restore(): void {
    const kept = JSON.parse(this.#queue.kept('stop_pending') ?? '{}') as { enabled?: boolean };
    this.#state.setStopPending(kept.enabled === true);
  }

  async set(isPending: boolean): Promise<void> {
    const text = JSON.stringify({ enabled: isPending });
    if (isPending === this.isSet && (this.#queue.kept('stop_pending') ?? NOT_PENDING) === text) return;
    await this.#queue.keep('stop_pending', text);
    this.#state.setStopPending(isPending);
  }
}

const NOT_PENDING = JSON.stringify({ enabled: false });
