/** Why a motor cannot be, or is not, where it was sent: a limit of its own, or a switch that it ran into. */
export class MotorLimitError extends Error {
  override readonly name = 'MotorLimitError';
}

/** What a motor record says once it is at rest. */
export interface AtRest {
  readonly readback: number;
  /** RBV's alarm severity: 0 none to 3 invalid. */
  readonly severity: number;
  readonly retryDeadband: number;
  /** A soft limit was hit: the record refused the target and put its old set-point back. */
  readonly isBeyondSoftLimit: boolean;
  readonly isAtHighSwitch: boolean;
  readonly isAtLowSwitch: boolean;
  /** TDIR: 1 when it last moved up. */
  readonly movedUp: boolean;
  /** MISS: it gave up before it was there. */
  readonly hasMissed: boolean;
}

export interface ArrivalTerms {
  readonly motor: string;
  readonly target: number;
  /** How far beside the target is still there, in user units. */
  readonly tolerance: number;
  readonly toleratedSeverity: number;
  /** Whether a motion that ends elsewhere is a failure; soft limits and switches are in any case. */
  readonly missedFails: boolean;
}

/**
 * What the end of a motion means. A put-callback that succeeds says that the motion has ended, never that it arrived: the
 * record answers with success when it refuses a target, runs into a switch or is stopped by somebody else. `null`: it is
 * where it was sent. Source: the motor record's behaviour, measured (motor 7.x).
 */
export function whyNotArrived(atRest: AtRest, terms: ArrivalTerms): Error | null {
  const { motor, target } = terms;
  const sent = `${motor} was sent to ${target}`;
  if (atRest.isBeyondSoftLimit) return new MotorLimitError(`${sent}, which is beyond a soft limit of the record`);
  if (atRest.isAtHighSwitch && atRest.movedUp) {
    return new MotorLimitError(`${sent} and ran into its high limit switch at ${atRest.readback}`);
  }
  if (atRest.isAtLowSwitch && !atRest.movedUp) {
    return new MotorLimitError(`${sent} and ran into its low limit switch at ${atRest.readback}`);
  }
  if (atRest.severity > terms.toleratedSeverity) {
    return new Error(`${sent} and is in alarm at ${atRest.readback} (severity ${atRest.severity})`);
  }
  if (terms.missedFails && (atRest.hasMissed || !isThere(atRest, terms))) {
    return new Error(`${sent} and missed: it ended at ${atRest.readback}`);
  }
  return null;
}

/** Within the record's own dead-band or the tolerance: then no motion need have happened. */
export const isThere = (
  { readback, retryDeadband }: Pick<AtRest, 'readback' | 'retryDeadband'>,
  { target, tolerance }: Pick<ArrivalTerms, 'target' | 'tolerance'>,
): boolean => Math.abs(readback - target) <= Math.max(retryDeadband, tolerance) * (1 + 1e-9);
