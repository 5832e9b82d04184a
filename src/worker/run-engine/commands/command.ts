import type { Status } from '../../devices/protocols.ts';
import { requireSupport } from '../capabilities.ts';
import type { Dispatcher } from '../dispatcher.ts';
import type { DocumentMaking } from '../documents.ts';
import type { Msg } from '../messages.ts';
import type { PlanCall } from '../plan-call.ts';
import type { Suspender } from '../suspenders/suspender.ts';
import type { Turn } from '../turn.ts';

/** What commands work on: the call, and what the RunEngine keeps from call to call. */
export interface Workings {
  readonly call: PlanCall;
  readonly md: Record<string, unknown>;
  readonly making: DocumentMaking;
  readonly documents: Dispatcher;
  readonly recordInterruptions: boolean;
  readonly scanIdSource: (md: Record<string, unknown>) => number | Promise<number>;
  readonly engineClass: unknown;
  readonly isPauseDeferred: () => boolean;
  readonly requestPause: (defer: boolean) => void;
  readonly installSuspender: (suspender: Suspender) => void;
  readonly removeSuspender: (suspender: Suspender) => void;
  readonly showProgress: (statuses: Status[] | null) => void;
  readonly runsChanged: () => void;
  /** What failed without being the plan's failure. */
  readonly report: (error: unknown) => void;
}

/**
 * Does what one message asks. What it returns, or what its promise resolves to, is the answer to the plan; what it throws
 * is thrown into the plan. A promise may be abandoned at any time: `turn.signal` tells it.
 */
export type Command = (msg: Msg, workings: Workings, turn: Turn) => unknown;
export type CommandTable = Readonly<Record<string, Command>>;

/** The arguments of the device's method: those that the message gives, then its options, if any but the group. */
export function deviceArguments(msg: Msg): unknown[] {
  const { group: _, ...options } = msg.kwargs;
  return Object.keys(options).length === 0 ? [...msg.args] : [...msg.args, options];
}

/** Keeps what a device has started, so that the plan can wait for its group and hears of its failure. */
export function started(call: PlanCall, msg: Msg, status: unknown): Status {
  const checked = requireSupport(status, 'Status');
  call.groups.add(msg.kwargs['group'] ?? null, checked);
  return checked;
}
