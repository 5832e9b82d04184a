import { expect } from 'vitest';
import { CodedError } from '../../src/protocol/error-codes.ts';
import { openPlanQueue } from '../../src/manager/queue/plan-queue.ts';
import type { PlanQueue } from '../../src/manager/queue/queue-interface.ts';
import { openSqliteStore } from '../../src/manager/store/sqlite.ts';
import { operations } from './plan-queue-operations.ts';
import { RecordedUids } from './recorded-uids.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Args = Record<string, Json>;

/** One operation as recorded, with what it left behind; a restart has nothing but its name. */
export interface RecordedStep {
  op: string;
  args?: Args;
  result?: Json;
  error?: { type: string; message: string };
  queue_size: number;
  history_size: number;
  queue_uid_changed: boolean;
  history_uid_changed: boolean;
  redis: 'unchanged' | Record<string, Json>;
}

/** What ours does otherwise, and why that is right. */
const accepted = {
  /** The control socket checks that an item is an object before it asks the queue. */
  notAnObject: ({ args }: RecordedStep) =>
    (args?.['item'] !== undefined && !isObject(args['item'])) ||
    (Array.isArray(args?.['items']) && !args['items'].every(isObject)),
  /** The control socket always asks for a change of the mode, never for a whole new one. */
  wholeMode: ({ args, error }: RecordedStep) => args?.['update'] === false && error !== undefined,
  /** Without an argument the control socket clears the history; with both it refuses in words of its own. */
  historyWording: ({ op, error }: RecordedStep) => op === 'trim_history' && error !== undefined,
  /** The original cannot clear the queue while an item runs that never stood in it. */
  clearBesideImmediate: ({ op, error }: RecordedStep) => op === 'clear_queue' && error?.type === 'KeyError',
  /** The control socket never lets an item in with members that are not an item's; what came in so is not compared. */
  unfiltered: ({ args, error }: RecordedStep) => args?.['filter_parameters'] === false && error === undefined,
};

const isSkipped = (step: RecordedStep): boolean =>
  accepted.notAnObject(step) || accepted.wholeMode(step) || accepted.historyWording(step);

export class PlanQueueReplay {
  readonly #path: string;
  readonly #uids = new RecordedUids();
  #queue: PlanQueue | null = null;
  #redis: Record<string, Json> = {};
  #isUnfiltered = false;
  compared = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async open(): Promise<void> {
    this.#queue = await openPlanQueue(await openSqliteStore(this.#path));
  }

  async close(): Promise<void> {
    await this.#queue?.close();
  }

  async step(step: RecordedStep, name: string): Promise<void> {
    if (step.op === 'restart') {
      await this.close();
      return this.open();
    }
    const queue = this.#queue as PlanQueue;
    const args = this.#uids.real(step.args ?? {}) as Args;
    if (step.redis !== 'unchanged') this.#redis = step.redis;
    if (isSkipped(step)) return;
    this.#isUnfiltered ||= accepted.unfiltered(step);
    const uids = [queue.queueUid, queue.historyUid];
    const answer = await this.#answer(step, args);
    if (!accepted.clearBesideImmediate(step)) this.#compare(answer, wanted(step), name);
    this.#compare(stateOf(queue), stateIn(this.#redis), `${name}, what is kept`);
    const changed = { queue: queue.queueUid !== uids[0], history: queue.historyUid !== uids[1] };
    expect({ name, ...changed }).toEqual({ name, ...changes(step) });
    expect([name, queue.size, queue.historySize]).toEqual([name, step.queue_size, step.history_size]);
    this.compared++;
  }

  #compare(actual: Json, recorded: Json, name: string): void {
    if (this.#isUnfiltered) this.#uids.compare(withoutForeign(actual), withoutForeign(recorded), name);
    else this.#uids.compare(actual, recorded, name);
  }

  async #answer(step: RecordedStep, args: Args): Promise<Json> {
    const operation = operations[step.op];
    if (!operation) throw new Error(`No operation for '${step.op}'`);
    try {
      return await operation(this.#queue as PlanQueue, args);
    } catch (error) {
      if (error instanceof CodedError && error.code === 'REFUSED') return { refused: error.message };
      throw error;
    }
  }
}

const isObject = (value: Json): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether autostart is off because it was never on, or was switched off, is one. */
function wanted({ op, error, result = null }: RecordedStep): Json {
  if (error) return { refused: error.message };
  return op === 'autostart_mode_retrieve' ? (result ?? { enabled: false }) : result;
}

/** The recording's foreign members are `foreign_key` and a result with `left`. */
function withoutForeign(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutForeign);
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).filter(([key]) => key !== 'foreign_key' && key !== 'left');
  const cleaned = own.map(([key, entry]) => [key, withoutForeign(entry)] as const);
  return Object.fromEntries(
    cleaned.filter(([key, entry]) => key !== 'result' || Object.keys(entry as Args).length > 0),
  );
}

/** A batch that is refused changes nothing, the UID of the queue included: the original puts items in and out again. */
function changes({ op, result, queue_uid_changed: queue, history_uid_changed: history }: RecordedStep) {
  const isRefusedBatch = op === 'add_batch_to_queue' && Array.isArray(result) && result[3] === false;
  return { queue: queue && !isRefusedBatch, history };
}

function stateOf(queue: PlanQueue): Json {
  return {
    queue: JSON.parse(queue.queueText()) as Json,
    running: queue.running ? (JSON.parse(queue.running.text) as Json) : {},
    history: JSON.parse(queue.historyText()) as Json,
    mode: { ...queue.mode },
    autostart: queue.isAutostartEnabled,
    lock: JSON.parse(queue.kept('lock') ?? 'null') as Json,
    permissions: JSON.parse(queue.kept('permissions') ?? 'null') as Json,
    stop_pending: JSON.parse(queue.kept('stop_pending') ?? 'null') as Json,
  };
}

function stateIn(redis: Record<string, Json>): Json {
  const autostart = redis['autostart_mode_info'] as { enabled: boolean } | undefined;
  return {
    queue: redis['plan_queue'] ?? [],
    running: redis['running_plan'] ?? {},
    history: redis['plan_history'] ?? [],
    mode: redis['plan_queue_mode'] ?? { loop: false, ignore_failures: false },
    autostart: autostart?.enabled ?? false,
    lock: redis['lock_info'] ?? null,
    permissions: redis['user_group_permissions'] ?? null,
    stop_pending: redis['stop_pending_info'] ?? null,
  };
}
