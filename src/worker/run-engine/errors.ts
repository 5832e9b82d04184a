import type { Status } from '../devices/protocols.ts';

/** What a person's request throws into the plan. The plan may clean up, and the run ends with this exit status. */
export class RunEngineControlException extends Error {
  readonly exitStatus: 'success' | 'abort';

  constructor(exitStatus: 'success' | 'abort', message = '') {
    super(message);
    this.name = new.target.name;
    this.exitStatus = exitStatus;
  }
}

export class RequestStop extends RunEngineControlException {
  constructor() {
    super('success');
  }
}

export class RequestAbort extends RunEngineControlException {
  constructor(reason = '') {
    super('abort', reason);
  }
}

/** Whoever sees it lets it through and yields nothing more: a halted plan is told once and never asked again. */
export class PlanHalt extends Error {
  override readonly name = 'PlanHalt';
}

/** A pause or a suspension was asked for where nothing can be replayed. */
export class FailedPause extends Error {
  override readonly name = 'FailedPause';
}

/** Thrown into the plan at its next message, whether or not it waits for the status that failed. */
export class FailedStatus extends Error {
  override readonly name = 'FailedStatus';
  readonly status: Status;

  constructor(status: Status) {
    const cause = status.exception();
    super(cause?.message ?? 'A status failed and gave no reason', { cause });
    this.status = status;
  }
}

export class IllegalMessageSequence extends Error {
  override readonly name = 'IllegalMessageSequence';
}

/** The plan yielded something that is not a command of this RunEngine. */
export class InvalidCommand extends Error {
  override readonly name = 'InvalidCommand';
}

/** A device throws it from `pause()`: what came before cannot be replayed. */
export class NoReplayAllowed extends Error {
  override readonly name = 'NoReplayAllowed';
}

export class WaitForTimeoutError extends Error {
  override readonly name = 'WaitForTimeoutError';
}

/** The request does not fit the state the RunEngine is in. */
export class TransitionError extends Error {
  override readonly name = 'TransitionError';
}

/** A document, or what would go into one, breaks the rules of event-model. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/** A device did not answer within the time that a clean-up gives it. */
export class DeviceSilent extends Error {
  override readonly name = 'DeviceSilent';
}

export const isHalt = (error: unknown): error is PlanHalt => error instanceof PlanHalt;

export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
