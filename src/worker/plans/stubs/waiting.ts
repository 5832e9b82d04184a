import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';

export interface WaitOptions {
  /** In seconds; `null` waits for ever. */
  timeout?: number | null;
  /** When false a time-out is not an error: the stub returns `false`, and the group may be waited for again. */
  errorOnTimeout?: boolean;
  /** Groups whose failure ends this wait at once. */
  watch?: readonly string[];
}

/** Waits until everything in `group` is done. Returns whether it was. */
export function* wait(group: unknown = null, options: WaitOptions = {}): Plan<boolean> {
  const { timeout = null, errorOnTimeout = true, watch = [] } = options;
  return yield msg('wait', null, [], { group, error_on_timeout: errorOnTimeout, timeout, watch });
}

/** Waits for promises; each factory may be called again when the plan is rewound, and has to work again. */
export function* waitFor(
  factories: readonly (() => Promise<unknown>)[],
  options: Readonly<Record<string, unknown>> = {},
): Plan {
  return yield msg('wait_for', null, [factories], options);
}

/** Does nothing for `seconds`; pause, stop and abort need not wait for it. */
export function* sleep(seconds: number): Plan {
  return yield msg('sleep', null, [seconds]);
}
