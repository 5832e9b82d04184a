import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Msg } from '../messages.ts';
import type { Turn } from '../turn.ts';
import { WaitForTimeoutError } from '../errors.ts';
import type { CommandTable, Workings } from './command.ts';

export const waitingCommands: CommandTable = {
  wait(msg, workings, turn) {
    const group = msg.args[0] ?? msg.kwargs['group'] ?? null;
    if (!workings.call.groups.isWaitNeeded(group)) return true;
    return waitForGroup(group, msg, workings, turn);
  },

  wait_for(msg, _workings, turn) {
    const factories = (msg.args[0] ?? []) as (() => unknown)[];
    return settled(factories, msg, turn);
  },

  /** Pauses and ends cut it short; a delay of nothing takes no time. */
  sleep(msg, _workings, turn) {
    const seconds = Number(msg.args[0]);
    if (Number.isNaN(seconds))
      throw new TypeError(`A sleep takes a number of seconds, received ${String(msg.args[0])}`);
    if (seconds <= 0) return undefined;
    return sleep(seconds, turn.signal);
  },
};

async function waitForGroup(group: unknown, msg: Msg, workings: Workings, turn: Turn): Promise<boolean> {
  const { call } = workings;
  const errorOnTimeout = msg.kwargs['error_on_timeout'] !== false;
  show(group, errorOnTimeout, workings);
  let isDone = false;
  try {
    isDone = await call.groups.wait(group, {
      timeout: (msg.kwargs['timeout'] as number | null | undefined) ?? undefined,
      errorOnTimeout,
      watch: (msg.kwargs['watch'] as unknown[] | undefined) ?? [],
      signal: turn.signal,
    });
    return isDone;
  } finally {
    if (errorOnTimeout || isDone) {
      call.groupsShown.delete(group);
      workings.showProgress(null);
    }
  }
}

/** A wait that may be given up comes again and again for the same group: its progress is announced once. */
function show(
  group: unknown,
  errorOnTimeout: boolean,
  { call, showProgress }: Pick<Workings, 'call' | 'showProgress'>,
): void {
  if (!errorOnTimeout && call.groupsShown.has(group)) return;
  if (!errorOnTimeout) call.groupsShown.add(group);
  showProgress(call.groups.running(group));
}

/** How each ended; none of them makes the message fail, as the plan may look for itself. */
async function settled(
  factories: readonly ((signal: AbortSignal) => unknown)[],
  msg: Msg,
  turn: Turn,
): Promise<PromiseSettledResult<unknown>[]> {
  const all = factories.map(async (factory) => factory(turn.signal));
  const whole = Promise.allSettled(all);
  const returnWhen = msg.kwargs['return_when'];
  const early: Promise<unknown>[] = [];
  if (returnWhen === 'FIRST_COMPLETED') early.push(Promise.race(all));
  if (returnWhen === 'FIRST_EXCEPTION') early.push(Promise.all(all));
  const timeout = msg.kwargs['timeout'];
  const timer = new AbortController();
  early.push(once(turn.signal, 'abort', { signal: timer.signal }));
  if (typeof timeout === 'number') early.push(sleep(timeout, timer.signal));
  try {
    const isWhole = await Promise.race([whole.then(() => true), ...early.map((one) => one.then(isOver, isOver))]);
    if (isWhole) return await whole;
    throw new WaitForTimeoutError('Plan failed to complete in the specified time');
  } finally {
    timer.abort();
  }
}

const isOver = (): boolean => false;

/** A timer takes 24 days at most, and would fire at once for more. */
const LONGEST_SLEEP = 86_400;

export async function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  for (let left = seconds; left > 0; left -= LONGEST_SLEEP) {
    await delay(Math.min(left, LONGEST_SLEEP) * 1000, undefined, { signal });
  }
}
