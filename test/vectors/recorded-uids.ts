import { expect } from 'vitest';
import type { Json } from './plan-queue-replay.ts';

/**
 * The recording calls uuids `uid1`, `uid2`, …; which real one each is shows when it first stands where the recording has
 * its name. Times are recorded as `<time>`.
 */
export class RecordedUids {
  readonly #real = new Map<string, string>();

  /** The recorded value with the real uids; a name not seen before is one that the tester made up. */
  real(recorded: Json): Json {
    if (typeof recorded === 'string') return /^uid\d+$/.test(recorded) ? this.#bound(recorded, recorded) : recorded;
    return mapped(recorded, (value) => this.real(value));
  }

  compare(actual: Json, recorded: Json, name: string): void {
    this.#bind(actual, recorded);
    expect({ name, value: actual }).toEqual({ name, value: this.#expected(recorded) });
  }

  #bind(actual: Json | undefined, recorded: Json): void {
    if (typeof recorded === 'string' && typeof actual === 'string' && /^uid\d+$/.test(recorded)) {
      this.#bound(recorded, actual);
    }
    if (typeof recorded !== 'object' || recorded === null || typeof actual !== 'object' || actual === null) return;
    for (const [key, value] of Object.entries(recorded)) this.#bind((actual as Record<string, Json>)[key], value);
  }

  /** Whole names and those inside messages. */
  #expected(recorded: Json): Json {
    if (recorded === '<time>') return expect.any(Number) as Json; // A matcher stands for the value.
    if (typeof recorded === 'string') return recorded.replace(/\buid\d+\b/g, (uid) => this.#real.get(uid) ?? uid);
    return mapped(recorded, (value) => this.#expected(value));
  }

  #bound(recorded: string, otherwise: string): string {
    const real = this.#real.get(recorded) ?? otherwise;
    this.#real.set(recorded, real);
    return real;
  }
}

function mapped(value: Json, by: (value: Json) => Json): Json {
  if (Array.isArray(value)) return value.map(by);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, by(entry)]));
}
