import type { Msg, Plan } from '../../run-engine/messages.ts';

/** What to do about a message: run another plan in its place (which may yield it), and one more after that. */
export interface Mutation {
  instead?: Plan;
  after?: Plan;
}

/**
 * Puts plans in the place of messages, or after them. Each message is shown to `mutate` once, those of the inserted
 * plans too, so that an inserted plan can yield the very message that it stands for. The plan that asked gets the last
 * response of what stood in its message's place.
 */
export function* planMutator<R>(plan: Plan<R>, mutate: (message: Msg) => Mutation | null): Plan<R> {
  const seen = new WeakSet<Msg>();
  return (yield* play(plan)).returned;

  function* play<T>(part: Plan<T>): Plan<{ returned: T; lastResponse: unknown }> {
    let lastResponse: unknown;
    let step = part.next();
    while (!step.done) {
      try {
        lastResponse = yield* respond(step.value);
      } catch (error) {
        step = part.throw(error);
        continue;
      }
      step = part.next(lastResponse);
    }
    return { returned: step.value, lastResponse };
  }

  function* respond(message: Msg): Plan {
    if (seen.has(message)) return yield message;
    seen.add(message);
    const mutation = mutate(message);
    if (!mutation) return yield message;
    const { lastResponse } = yield* play(mutation.instead ?? single(message));
    if (mutation.after) yield* play(mutation.after);
    return lastResponse;
  }
}

/** Changes messages on their way, one for one; `null` swallows one, which the plan then sees answered with `null`. */
export function* msgMutator<R>(plan: Plan<R>, change: (message: Msg) => Msg | null): Plan<R> {
  let step = plan.next();
  while (!step.done) {
    let response: unknown = null;
    try {
      const changed = change(step.value);
      if (changed) response = yield changed;
    } catch (error) {
      step = plan.throw(error);
      continue;
    }
    step = plan.next(response);
  }
  return step.value;
}

/** One message as a plan. */
export function* single(message: Msg): Plan {
  return yield message;
}

/** Plans one after the other. Returns what each returned. */
export function* chain(...plans: readonly Plan[]): Plan<unknown[]> {
  const results: unknown[] = [];
  for (const plan of plans) results.push(yield* plan);
  return results;
}
