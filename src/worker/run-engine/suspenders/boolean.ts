import { Suspender } from './suspender.ts';

/** Suspends while a signal is high (any value but 0, false or an empty text). */
export class SuspendBoolHigh extends Suspender {
  protected shouldSuspend(value: unknown): boolean {
    return Boolean(value);
  }
  protected shouldResume(value: unknown): boolean {
    return !value;
  }
  protected explain(): string {
    return `Signal ${this.signal.name} is high`;
  }
}

/** Suspends while a signal is low. */
export class SuspendBoolLow extends Suspender {
  protected shouldSuspend(value: unknown): boolean {
    return !value;
  }
  protected shouldResume(value: unknown): boolean {
    return Boolean(value);
  }
  protected explain(): string {
    return `Signal ${this.signal.name} is low`;
  }
}
