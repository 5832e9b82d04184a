import type { Msg } from './messages.ts';

/** What must not be done twice when a plan is rewound. */
const NEVER_REPLAYED = new Set([
  'pause',
  'subscribe',
  'unsubscribe',
  'stage',
  'unstage',
  'monitor',
  'unmonitor',
  'open_run',
  'close_run',
  'install_suspender',
  'remove_suspender',
  '_start_suspender',
  '_resume_from_suspender',
]);

const INSIDE_A_RUN = new Set(['declare_stream', 'create', 'save', 'drop', 'kickoff', 'complete', 'collect']);

/**
 * What the plan did since its last checkpoint, to be done again after a pause. Without a checkpoint (`forget`) there is
 * nothing to go back to, and a pause becomes an abort.
 */
export class CheckpointCache {
  #messages: Msg[] | null = [];
  isRewindable = true;

  get isResumable(): boolean {
    return this.#messages !== null;
  }

  remember(message: Msg): void {
    if (this.#messages === null || !this.isRewindable || NEVER_REPLAYED.has(message.command)) return;
    this.#messages.push(message);
  }

  /** A checkpoint: what came before is not replayed. */
  reset(): void {
    if (this.#messages !== null && this.#messages.length > 0) this.#messages = [];
  }

  /** A run was closed. What only works inside of it would fail when it is done again; what was moved is moved again. */
  forgetRun(run: unknown): void {
    this.#messages =
      this.#messages?.filter((message) => message.run !== run || !INSIDE_A_RUN.has(message.command)) ?? null;
  }

  forget(): void {
    this.#messages = null;
  }

  /** Empties the cache: the messages are then yielded, and remembered, anew. */
  take(): Msg[] {
    const messages = this.#messages ?? [];
    if (this.#messages !== null) this.#messages = [];
    return messages;
  }
}
