import type { ReportOf } from '../../protocol/worker/reports.ts';

/** Results are kept for two minutes at least, as the original does; they are not on disk. */
const RETENTION_S = 120;

export type TaskStatus = 'running' | 'completed' | 'not_found';

export interface RunningTask {
  readonly task_uid: string;
  readonly time_start: number;
  readonly run_in_background: boolean;
}

/** Tasks that run in the worker, and what became of those that have ended. `result` is JSON text. */
export class TaskResults {
  readonly #running = new Map<string, RunningTask>();
  readonly #completed = new Map<string, { readonly text: string; readonly at: number }>();
  readonly #now: () => number;
  readonly #onChanged: () => void;
  #uid: string = crypto.randomUUID();

  constructor(onChanged: () => void, now: () => number = () => Date.now() / 1000) {
    this.#onChanged = onChanged;
    this.#now = now;
  }

  /** New with each result. */
  get uid(): string {
    return this.#uid;
  }

  started(task: RunningTask): void {
    this.#running.set(task.task_uid, task);
  }

  finished(report: ReportOf<'task_finished'>): void {
    const { task_uid, success, msg, traceback, return_value, time_start, time_stop } = report;
    const head = JSON.stringify({ task_uid, success, msg, traceback });
    const times = JSON.stringify({ time_start, time_stop });
    const text = `${head.slice(0, -1)},"return_value":${return_value},${times.slice(1)}`;
    this.#forgetOld();
    this.#running.delete(task_uid);
    this.#completed.set(task_uid, { text, at: this.#now() });
    this.touch();
  }

  /** A new UID; whoever reads the results finds what there is. */
  touch(): void {
    this.#uid = crypto.randomUUID();
    this.#onChanged();
  }

  /** It was refused after all. */
  forget(uid: string): void {
    this.#running.delete(uid);
  }

  /**
   * Their environment is gone, and nobody will tell what became of them. One in the foreground has failed for that reason;
   * those in the background are forgotten, as by the original.
   */
  failRunning(why: string): void {
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const { task_uid, time_start, run_in_background: inBackground } of running) {
      if (inBackground) continue;
      const failed = { success: false, msg: why, traceback: '', return_value: 'null' };
      this.finished({ type: 'task_finished', task_uid, ...failed, time_start, time_stop: this.#now() });
    }
  }

  get(uid: string): { status: TaskStatus; result: string } {
    this.#forgetOld();
    const running = this.#running.get(uid);
    if (running) return { status: 'running', result: JSON.stringify(running) };
    const completed = this.#completed.get(uid);
    return completed ? { status: 'completed', result: completed.text } : { status: 'not_found', result: '{}' };
  }

  /** Results are kept in the order in which they came. */
  #forgetOld(): void {
    const oldest = this.#now() - RETENTION_S;
    for (const [uid, { at }] of this.#completed) {
      if (at >= oldest) return;
      this.#completed.delete(uid);
    }
  }
}
