import { CodedError } from '../../protocol/error-codes.ts';
import { refused, refusedAsIs } from '../control/refused.ts';
import type { Log } from '../log.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { str } from '../../lib/python-text/repr.ts';
import type { PlanQueue } from '../queue/queue-interface.ts';
import type { ManagerState } from '../state.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';

interface RunControlParts {
  readonly queue: Pick<PlanQueue, 'record' | 'running'>;
  readonly state: ManagerState;
  readonly link: Pick<WorkerLink, 'request'>;
  readonly log: Log;
}

export type PausedChoice = 'resume' | 'stop' | 'abort' | 'halt';

/** What a person may do to the plan that runs: pause it, and with a paused one go on or end it. */
export class RunControl {
  readonly #parts: RunControlParts;

  constructor(parts: RunControlParts) {
    this.#parts = parts;
  }

  async pause(option: PyJson): Promise<void> {
    const { state, log } = this.#parts;
    if (option !== 'deferred' && option !== 'immediate') {
      throw refusedAsIs(`Option '${str(option)}' is not supported. Available options: ('deferred', 'immediate')`);
    }
    if (!state.hasEnvironment) throw refusedAsIs('Environment does not exist. Can not pause Run Engine.');
    if (state.worker?.re_state == null) throw refusedAsIs('Run Engine is not found in the RE Worker environment.');
    try {
      await this.#parts.link.request('pause', { option });
    } catch (error) {
      log.error(`Failed to pause Run Engine: ${(error as Error).message}`);
      throw asIs(error);
    }
    // By now it may be paused already: what is over is not pending.
    if (state.machine.is('executing_queue')) state.setPausePending(true);
  }

  async choose(choice: PausedChoice): Promise<void> {
    const { state, log } = this.#parts;
    if (!state.machine.is('paused')) {
      throw refusedAsIs(`RE Manager is not paused: current state is '${state.machine.state}'`);
    }
    if (state.worker?.re_state == null) throw refused('Run Engine is not found in the RE Worker environment.');
    try {
      await this.#parts.link.request(choice, {});
    } catch (error) {
      log.error(`Failed to continue or stop the running plan: ${(error as Error).message}`);
      throw asIs(error);
    }
    if (!state.machine.is('paused')) return;
    state.machine.change({ to: 'executing_queue', why: `a client asked for ${choice}` });
    void this.#told('item_resumed');
  }

  /** The worker says that the plan is paused. */
  paused(): void {
    const { state } = this.#parts;
    if (!state.machine.is('executing_queue')) return;
    state.setPausePending(false);
    state.machine.change({ from: 'executing_queue', to: 'paused', why: 'the plan is paused' });
    void this.#told('item_paused');
  }

  /** What the plan does, it does, whether the store takes it or not. */
  async #told(kind: 'item_paused' | 'item_resumed'): Promise<void> {
    const { queue, log } = this.#parts;
    const item = queue.running;
    if (item === null) return;
    await queue.record({ kind, item_uid: item.uid }, { waits: true }).catch((error: unknown) => log.fault(error));
  }
}

const asIs = (error: unknown): unknown => (error instanceof CodedError ? refusedAsIs(error.message) : error);
