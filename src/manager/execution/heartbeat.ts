import type { Log } from '../log.ts';
import type { ManagerState } from '../state.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';

/** A worker that hangs is told within 5 s: asked every two, it has two to answer. */
const EVERY_MS = 2000;
const ANSWER_MS = 2000;

/** Asks the worker how it is. One that does not answer shows in log and status until it does; what to do is for people. */
export class Heartbeat {
  readonly #link: Pick<WorkerLink, 'request' | 'isGreeted'>;
  readonly #state: ManagerState;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(link: Pick<WorkerLink, 'request' | 'isGreeted'>, state: ManagerState, log: Log) {
    this.#link = link;
    this.#state = state;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#ask(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || !this.#link.isGreeted) return;
    this.#isAsking = true;
    try {
      await this.#link.request('state', {}, ANSWER_MS);
      if (this.#state.isWorkerSilent) this.#log.warning('The worker answers again');
      this.#state.setWorkerSilent(false);
    } catch {
      if (this.#link.isGreeted) this.#silent();
    } finally {
      this.#isAsking = false;
    }
  }

  #silent(): void {
    if (this.#state.isWorkerSilent) return;
    this.#log.error(
      `The worker has not answered for ${ANSWER_MS / 1000} s: it may be busy or blocked. ` +
        "'environment_destroy' ends it in any case",
    );
    this.#state.setWorkerSilent(true);
  }
}
