import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlanQueue } from '../../../../src/manager/queue/plan-queue.ts';
import type { PlanQueueOptions } from '../../../../src/manager/queue/plan-queue.ts';
import type { ItemText, PlanQueue } from '../../../../src/manager/queue/queue-interface.ts';
import { openSqliteStore } from '../../../../src/manager/store/sqlite.ts';
import type { QueueStore } from '../../../../src/manager/store/store.ts';
import type { ItemResult } from '../../../../src/protocol/item.ts';

/** A queue on a real store in a folder of its own. */
export class QueueFixture implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'queue-'));
  #opened: { store: QueueStore; queue: PlanQueue } | null = null;

  static async open(options?: PlanQueueOptions): Promise<QueueFixture> {
    const fixture = new QueueFixture();
    await fixture.reopen(options);
    return fixture;
  }

  get queue(): PlanQueue {
    return this.#both.queue;
  }

  get store(): QueueStore {
    return this.#both.store;
  }

  /** As the next manager does. */
  async reopen(options?: PlanQueueOptions): Promise<PlanQueue> {
    await this.#opened?.queue.close();
    const store = await openSqliteStore(join(this.#folder, 'queue.sqlite'));
    this.#opened = { store, queue: await openPlanQueue(store, options) };
    return this.queue;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.queue.close();
    rmSync(this.#folder, { recursive: true });
  }

  get #both(): { store: QueueStore; queue: PlanQueue } {
    if (!this.#opened) throw new Error('The queue is not open');
    return this.#opened;
  }
}

export const aPlan = (uid: string, members: Record<string, unknown> = {}): ItemText => ({
  uid,
  text: JSON.stringify({ item_type: 'plan', name: 'scan', ...members, item_uid: uid }),
});

export const aResult = (exit_status: string): ItemResult => ({
  exit_status,
  run_uids: ['run-1'],
  scan_ids: [7],
  time_start: 1000,
  time_stop: 1001.5,
  msg: '',
  traceback: '',
});

export const uidsIn = (text: string): string[] =>
  (JSON.parse(text) as { item_uid: string }[]).map(({ item_uid }) => item_uid);
