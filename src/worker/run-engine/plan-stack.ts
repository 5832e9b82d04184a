import { replay } from './messages.ts';
import type { Msg, Plan } from './messages.ts';

/** Wraps what was thrown, as anything may be, `undefined` too. */
export interface Failure {
  readonly error: unknown;
}

/** A plan, and how its last message was answered. */
export interface PlanFrame {
  readonly plan: Plan;
  response: unknown;
  /** Set when the message failed: it is thrown into the plan instead of the response. */
  failure: Failure | undefined;
  readonly isSuspension: boolean;
}

/**
 * The plans under way: the topmost is asked for messages; when it has ended, the one below goes on where it was. A rewind
 * and a suspension lie on top of the plan that they interrupt.
 */
export class PlanStack {
  readonly #frames: PlanFrame[] = [];

  get top(): PlanFrame | undefined {
    return this.#frames[this.#frames.length - 1];
  }

  push(plan: Plan, options: { isSuspension?: boolean } = {}): PlanFrame {
    const frame = newFrame(plan, options.isSuspension ?? false);
    this.#frames.push(frame);
    return frame;
  }

  /** A replay goes below suspensions that wait to begin: nothing is measured again before conditions are good. */
  pushReplay(messages: readonly Msg[]): void {
    let place = this.#frames.length;
    while (place > 0 && this.#frames[place - 1]?.isSuspension === true) place -= 1;
    this.#frames.splice(place, 0, newFrame(replay(messages), false));
  }

  /** Not merely the topmost: while a plan took its last step, a suspension may have come to lie on it. */
  remove(frame: PlanFrame): void {
    const place = this.#frames.lastIndexOf(frame);
    if (place >= 0) this.#frames.splice(place, 1);
  }
}

const newFrame = (plan: Plan, isSuspension: boolean): PlanFrame => ({
  plan,
  response: undefined,
  failure: undefined,
  isSuspension,
});
