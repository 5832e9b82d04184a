import type { Subscribable } from '../../devices/protocols.ts';
import { Suspender, type SuspenderOptions } from './suspender.ts';

export interface ThresholdOptions extends SuspenderOptions {
  /** Where it resumes; where it suspends, by default. In between nothing changes, so that it does not chatter. */
  resumeThreshold?: number;
}

abstract class ThresholdSuspender extends Suspender {
  protected readonly suspendAt: number;
  protected readonly resumeAt: number;

  constructor(signal: Subscribable, threshold: number, options: ThresholdOptions = {}) {
    super(signal, options);
    this.suspendAt = threshold;
    this.resumeAt = options.resumeThreshold ?? threshold;
  }
}

/** Suspends when a number falls below a threshold: a ring current, a flux. */
export class SuspendFloor extends ThresholdSuspender {
  /** @throws RangeError when it would resume below where it suspends */
  constructor(signal: Subscribable, threshold: number, options: ThresholdOptions = {}) {
    super(signal, threshold, options);
    if (this.resumeAt < this.suspendAt) throw wrongWay('greater', this.suspendAt, this.resumeAt);
  }
  protected shouldSuspend(value: unknown): boolean {
    return Number(value) < this.suspendAt;
  }
  protected shouldResume(value: unknown): boolean {
    return Number(value) >= this.resumeAt;
  }
  protected explain(value: unknown): string {
    return (
      `Signal ${this.signal.name} = ${String(value)} fell below ${this.suspendAt} ` +
      `and has not yet crossed above ${this.resumeAt}.`
    );
  }
}

/** Suspends when a number rises above a threshold: a temperature, a pressure. */
export class SuspendCeil extends ThresholdSuspender {
  /** @throws RangeError when it would resume above where it suspends */
  constructor(signal: Subscribable, threshold: number, options: ThresholdOptions = {}) {
    super(signal, threshold, options);
    if (this.resumeAt > this.suspendAt) throw wrongWay('less', this.suspendAt, this.resumeAt);
  }
  protected shouldSuspend(value: unknown): boolean {
    return Number(value) > this.suspendAt;
  }
  protected shouldResume(value: unknown): boolean {
    return Number(value) <= this.resumeAt;
  }
  protected explain(value: unknown): string {
    return (
      `Signal ${this.signal.name} = ${String(value)} went above ${this.suspendAt} ` +
      `and has not yet crossed below ${this.resumeAt}.`
    );
  }
}

const wrongWay = (direction: string, suspend: number, resume: number): RangeError =>
  new RangeError(
    `Resume threshold must be equal or ${direction} than suspend threshold, you passed: suspend: ${suspend}  resume: ${resume}`,
  );
