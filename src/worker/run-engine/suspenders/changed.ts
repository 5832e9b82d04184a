import type { Subscribable } from '../../devices/protocols.ts';
import { Suspender, type SuspenderOptions } from './suspender.ts';

export interface ChangedOptions extends SuspenderOptions {
  expectedValue: unknown;
  /** Whether the plan may go on when the value is back; by default only an abort leads out. */
  allowResume?: boolean;
}

/** Suspends when a signal is no longer what the session was opened for: another instrument has the shared hardware. */
export class SuspendWhenChanged extends Suspender {
  readonly #expected: unknown;
  readonly #mayResume: boolean;

  constructor(signal: Subscribable, options: ChangedOptions) {
    super(signal, options);
    this.#expected = options.expectedValue;
    this.#mayResume = options.allowResume ?? false;
  }

  protected shouldSuspend(value: unknown): boolean {
    return value !== this.#expected;
  }
  protected shouldResume(value: unknown): boolean {
    return this.#mayResume && value === this.#expected;
  }
  protected explain(value: unknown): string {
    const found = `Signal ${this.signal.name}, got "${String(value)}", expected "${String(this.#expected)}"`;
    return this.#mayResume ? found : `${found}.  "RE.abort()" and then restart session to use new configuration.`;
  }
}
