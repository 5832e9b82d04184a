import type { ReportOf } from '../../protocol/worker/reports.ts';
import type { OpenRun } from '../../protocol/worker/state.ts';
import type { Plan } from '../run-engine/messages.ts';
import type { RunOutcome } from '../run-engine/outcome.ts';
import type { RunRecord } from '../run-engine/plan-call.ts';
import type { RunEngine } from '../run-engine/run-engine.ts';
import type { Contents } from './contents.ts';
import { type Ending, failure, itemOutcome } from './item-outcome.ts';
import { itemCall, type ItemCall } from './plan-item.ts';

export interface ItemRunnerParts {
  readonly contents: Contents;
  readonly engine: RunEngine;
  /** The plan runs, or is at rest: paused or ended. */
  readonly onRunning: (isRunning: boolean) => void;
  /** Resolves when the documents of finished runs are on disk, as far as the disk takes them. */
  readonly kept: () => Promise<void>;
  /** After it is at rest, and what it recorded is kept. */
  readonly onFinished: (finished: ReportOf<'item_finished'>) => void;
  readonly log: (level: 'info' | 'error', message: string) => void;
}

interface RunningItem {
  readonly uid: string;
  readonly startedAt: number;
  ending: Ending | undefined;
  reason: string;
  fault: Error | undefined;
  readonly finished: PromiseWithResolvers<void>;
}

/**
 * Takes one item through the RunEngine.
 *
 * An item is accepted when nothing else is; then its plan runs, perhaps pauses and goes on, and ends in every case with
 * one report. What a person asked for while it ran is remembered, since it names the end.
 */
export class ItemRunner {
  readonly #parts: ItemRunnerParts;
  #item: RunningItem | undefined;
  #runs: readonly OpenRun[] = [];
  /** Of runs that are closed, by uid. */
  readonly #exitStatuses = new Map<string, string>();

  constructor(parts: ItemRunnerParts) {
    this.#parts = parts;
  }

  get runningItemUid(): string | null {
    return this.#item?.uid ?? null;
  }

  /** Runs of the item that runs now or ran last. */
  get runs(): readonly OpenRun[] {
    return this.#runs;
  }

  /** Accepts the item; the plan begins in the next turn, after the acceptance is on its way. */
  start(uid: string, text: string): void {
    this.#runs = [];
    this.#exitStatuses.clear();
    const item: RunningItem = {
      uid,
      startedAt: Date.now() / 1000,
      ending: undefined,
      reason: '',
      fault: undefined,
      finished: Promise.withResolvers(),
    };
    this.#item = item;
    this.#parts.onRunning(true);
    setImmediate(() => void this.#begin(item, text));
  }

  async resume(): Promise<void> {
    await this.#goOn(() => this.#parts.engine.resume());
  }

  /** Ends the item that is running or paused. `reason` goes into its result. */
  async end(ending: Ending, reason = ''): Promise<void> {
    const { engine } = this.#parts;
    const ways = { stop: () => engine.stop(), abort: () => engine.abort(reason), halt: () => engine.halt() };
    this.#ask(ending, reason);
    await this.#goOn(ways[ending]);
  }

  async emergencyHalt(reason: string): Promise<void> {
    this.#ask('halt', reason);
    await this.#goOn(() => this.#parts.engine.emergencyHalt(reason));
  }

  /** Something broke in the process: the item that runs is to fail for it. False when none does. */
  fail(fault: Error): boolean {
    const { engine } = this.#parts;
    if (this.#item === undefined || this.#item.fault !== undefined) return this.#item !== undefined;
    this.#item.fault = fault;
    if (engine.state === 'running' || engine.state === 'paused') void this.#goOn(() => engine.abort(fault.message));
    return true;
  }

  /** Resolves when the item has ended; at once when there is none. */
  async finished(): Promise<void> {
    await this.#item?.finished.promise;
  }

  runsChanged(records: readonly RunRecord[]): void {
    this.#runs = records.map(({ uid, scan_id, is_open }) => ({
      uid,
      scan_id,
      is_open,
      exit_status: this.#exitStatuses.get(uid) ?? null,
    }));
  }

  /** The exit status of a run, as its stop document says it; the change of the runs follows. */
  runStopped(uid: string, exitStatus: string): void {
    this.#exitStatuses.set(uid, exitStatus);
  }

  #ask(ending: Ending, reason: string): void {
    if (this.#item === undefined) return;
    this.#item.ending = ending;
    this.#item.reason = reason;
  }

  async #begin(item: RunningItem, text: string): Promise<void> {
    const { contents, engine, log } = this.#parts;
    let call: ItemCall;
    let plan: Plan;
    try {
      call = itemCall(text);
      plan = contents.plan(call);
    } catch (error) {
      await this.#finish(item, { ...failure(error), run_uids: [], scan_ids: [] });
      return;
    }
    log('info', `Starting a plan '${call.name}'.`);
    const source = Object.defineProperty(() => plan, 'name', { value: call.name });
    await this.#settle(item, engine.run(source, metadataOf(item, call)));
  }

  async #goOn(act: () => Promise<RunOutcome | null>): Promise<void> {
    const item = this.#item;
    if (item === undefined) return;
    const wasPaused = this.#parts.engine.state === 'paused';
    const outcome = act();
    if (!wasPaused) return void (await outcome); // the call that began it waits for the same outcome
    this.#parts.onRunning(true);
    await this.#settle(item, outcome as Promise<RunOutcome>);
  }

  /** Whatever comes of it, the item is reported or paused. */
  async #settle(item: RunningItem, outcome: Promise<RunOutcome>): Promise<void> {
    try {
      const ended = await outcome;
      if (ended.kind === 'paused') this.#pause();
      else await this.#finish(item, itemOutcome(ended, item));
    } catch (error) {
      await this.#finish(item, { ...failure(error), run_uids: [], scan_ids: [] });
    }
  }

  #pause(): void {
    this.#parts.log('info', 'The plan is paused ...');
    this.#parts.onRunning(false);
  }

  async #finish(item: RunningItem, result: ReturnType<typeof itemOutcome>): Promise<void> {
    if (this.#item !== item) return;
    const { log, onRunning, onFinished, kept } = this.#parts;
    const times = { time_start: item.startedAt, time_stop: Date.now() / 1000 };
    await kept();
    this.#item = undefined;
    if (result.exit_status === 'failed') log('error', `The plan failed: ${result.msg}\n${result.traceback}`);
    else log('info', `The plan was exited. Plan state: ${result.exit_status}`);
    onRunning(false);
    onFinished({ type: 'item_finished', item_uid: item.uid, ...times, ...result });
    item.finished.resolve();
  }
}

/** Who asked, and for which item, stands in every start document: ours comes last, so that nobody writes over it. */
function metadataOf(item: RunningItem, { meta, user, userGroup }: ItemCall): Record<string, unknown> {
  return {
    ...meta,
    queue_item_uid: item.uid,
    ...(user === undefined ? {} : { user }),
    ...(userGroup === undefined ? {} : { user_group: userGroup }),
  };
}
