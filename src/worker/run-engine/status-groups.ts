import type { Status } from '../devices/protocols.ts';
import { FailedStatus, WaitForTimeoutError } from './errors.ts';

/** A longer delay would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface WaitOptions {
  /** Seconds. */
  timeout?: number | undefined;
  errorOnTimeout: boolean;
  /** Groups whose failure ends the wait too. */
  watch: readonly unknown[];
  signal: AbortSignal;
}

interface Group {
  /** What is under way; what ended well has left. */
  readonly running: Set<Status>;
  readonly failures: FailedStatus[];
  /** Told when a status of the group ends, well or not. */
  readonly listeners: Set<() => void>;
}

/**
 * The statuses that a plan has started, in groups that it can wait for. A status that fails is reported as it fails,
 * waited for or not; one that ends well is forgotten, so that a plan that never waits keeps nothing.
 */
export class StatusGroups {
  readonly #groups = new Map<unknown, Group>();
  readonly #failed: (failure: FailedStatus) => void;

  constructor(failed: (failure: FailedStatus) => void) {
    this.#failed = failed;
  }

  add(group: unknown, status: Status): void {
    if (status.done && status.success) return;
    const members = this.#groupOf(group);
    members.running.add(status);
    status.addCallback(() => {
      // A device that reports twice is heard once.
      if (!members.running.delete(status)) return;
      if (!status.success) {
        const failure = new FailedStatus(status);
        members.failures.push(failure);
        this.#failed(failure);
      }
      for (const listener of members.listeners) listener();
      if (members.running.size === 0 && members.failures.length === 0) this.#dissolve(group, members);
    });
  }

  /** What a wait for the group would wait for. */
  running(group: unknown): Status[] {
    return [...(this.#groups.get(group)?.running ?? [])];
  }

  /** Whether anything of the group is still under way and well. When not, the group is over, and taken out. */
  isWaitNeeded(group: unknown): boolean {
    const members = this.#groups.get(group);
    if (members === undefined) return false;
    if (members.running.size > 0 && members.failures.length === 0) return true;
    this.#groups.delete(group);
    return false;
  }

  /**
   * Takes the group out, and tells whether all of it is done. The first failure ends the wait; it is reported apart. When
   * the time is up the group is put back, for another wait.
   * @throws WaitForTimeoutError unless time-outs are no errors: then the answer is false
   */
  async wait(group: unknown, options: WaitOptions): Promise<boolean> {
    const members = this.#groups.get(group);
    this.#groups.delete(group);
    return members === undefined || this.#waitFor(group, members, options);
  }

  async #waitFor(
    group: unknown,
    members: Group,
    { timeout, errorOnTimeout, watch, signal }: WaitOptions,
  ): Promise<boolean> {
    const watched = watch.flatMap((name) => this.#groups.get(name) ?? []);
    const outcome = await firstOf({ members, watched, timeout, signal });
    if (outcome === 'timed out') {
      this.#groups.set(group, members);
      if (errorOnTimeout) throw new WaitForTimeoutError('Plan failed to complete in the specified time');
      return false;
    }
    const failure = watched.find((other) => other.failures.length > 0)?.failures[0];
    if (outcome === 'watched failed' && failure !== undefined) throw failure;
    return errorOnTimeout || members.running.size === 0;
  }

  #groupOf(name: unknown): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group: Group = { running: new Set(), failures: [], listeners: new Set() };
    this.#groups.set(name, group);
    return group;
  }

  #dissolve(name: unknown, members: Group): void {
    if (this.#groups.get(name) === members) this.#groups.delete(name);
  }
}

type WaitOutcome = 'over' | 'watched failed' | 'timed out' | 'interrupted';

/** Waits for the group's end or first failure, a failure in a watched group, the time-out, or the interruption. */
function firstOf(wait: {
  members: Group;
  watched: Group[];
  timeout: number | undefined;
  signal: AbortSignal;
}): Promise<WaitOutcome> {
  const { promise, resolve } = Promise.withResolvers<WaitOutcome>();
  const { members, watched, timeout, signal } = wait;
  const look = (): void => {
    if (watched.some((group) => group.failures.length > 0)) resolve('watched failed');
    else if (members.running.size === 0 || members.failures.length > 0) resolve('over');
  };
  const interrupted = (): void => resolve('interrupted');
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => resolve('timed out'), Math.min(timeout * 1000, LONGEST_TIMER_MS));
  for (const group of [members, ...watched]) group.listeners.add(look);
  signal.addEventListener('abort', interrupted, { once: true });
  look();
  return promise.finally(() => {
    clearTimeout(timer);
    for (const group of [members, ...watched]) group.listeners.delete(look);
    signal.removeEventListener('abort', interrupted);
  });
}
