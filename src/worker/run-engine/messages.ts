/**
 * The RunEngine's vocabulary: what a plan yields. Names and meaning are bluesky's (`bluesky.utils.Msg`); the complete
 * registry of commands is in `commands/registry.ts`.
 */
export interface Msg {
  readonly command: string;
  readonly obj: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Which of several open runs is meant; `null` is the only one. */
  readonly run: unknown;
}

/** Plans are generators: they yield messages, receive each response, and return a value through `yield*`. */
export type Plan<R = unknown> = Generator<Msg, R, any>; // eslint-disable-line -- a response's type depends on the command

const NO_ARGS: readonly unknown[] = Object.freeze([]);
const NO_KWARGS: Readonly<Record<string, unknown>> = Object.freeze({});

/** `msg('set', motor, [1.5], { group: 'A' })` */
export function msg(
  command: string,
  obj: unknown = null,
  args: readonly unknown[] = NO_ARGS,
  kwargs: Readonly<Record<string, unknown>> = NO_KWARGS,
  run: unknown = null,
): Msg {
  return { command, obj, args, kwargs, run };
}

/**
 * A plan of messages that are already known. `yield*` over a list would not do: a list takes no error, so what is thrown
 * into the plan, an abort for example, would come out of it as a `TypeError`.
 */
export function* replay(messages: readonly Msg[]): Plan<void> {
  for (const message of messages) yield message;
}

/** A plan, or what makes one; messages that are written down can be used again. */
export type AnyPlan = Plan | readonly Msg[] | (() => Plan | readonly Msg[]);

/** What may be thrown into a plan by the RunEngine, rather than by a device: by requests, and by a status that failed. */
export { FailedStatus, PlanHalt, RequestAbort, RequestStop, RunEngineControlException } from './errors.ts';
