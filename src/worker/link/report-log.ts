import type { NumberedReport, WorkerReport } from '../../protocol/worker/reports.ts';

/** What no manager has stored yet, in order. Numbers begin at 1 in each process and have no gap. */
export class ReportLog {
  readonly #workerUid: string;
  #kept: NumberedReport[] = [];
  #last = 0;

  constructor(workerUid: string) {
    this.#workerUid = workerUid;
  }

  get last(): number {
    return this.#last;
  }

  add(report: WorkerReport): NumberedReport {
    const numbered = { number: ++this.#last, worker_uid: this.#workerUid, report };
    this.#kept.push(numbered);
    return numbered;
  }

  /** A number that was never given acknowledges nothing beyond what was. */
  acknowledge(number: number): void {
    this.#kept = this.#kept.filter((report) => report.number > number);
  }

  get kept(): readonly NumberedReport[] {
    return this.#kept;
  }
}
