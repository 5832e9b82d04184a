import type { Json } from './transcript-replay.ts';

const UID_NAME = /^uid\d+$/;
const REAL_UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME_TEXT = /\d{2}\/\d{2}\/\d{4} \d{2}:\d{2}:\d{2}/g;
const LISTS = new Set(['plans_allowed', 'plans_existing', 'devices_allowed', 'devices_existing']);
/** The name and version of the manager: ours is its own. */
const OWN_NAME = /^RE Manager v/;

/** Compares what happened with what was recorded, up to renaming: equal uids stay equal, different ones different. */
export class Likeness {
  readonly #realOf = new Map<string, string>();
  readonly #nameOf = new Map<string, string>();

  /** A recorded JSON text with the uids that are real here. */
  real(recorded: string): string {
    return recorded.replace(/"uid\d+"/g, (name) =>
      JSON.stringify(this.#realOf.get(name.slice(1, -1)) ?? name.slice(1, -1)),
    );
  }

  /** The first place where they differ; null when they are alike. */
  difference(expected: Json, got: Json, path = ''): { expected: unknown; got: unknown } | null {
    const differs = { expected: { at: path, value: expected }, got };
    if (typeof expected === 'string') return this.#isSameText(expected, got) ? null : differs;
    if (typeof expected !== 'object' || expected === null) return expected === got ? null : differs;
    if (typeof got !== 'object' || got === null) return differs;
    if (Array.isArray(expected) || Array.isArray(got)) {
      if (!Array.isArray(expected) || !Array.isArray(got) || expected.length !== got.length) return differs;
      return this.#first(Object.keys(expected), (key) => [expected[+key] as Json, got[+key] as Json], path);
    }
    if ('$names' in expected) return this.difference(expected['$names'], Object.keys(got).sort(), path);
    const wanted = this.#withRealKeys(expected);
    const keys = Object.keys(wanted);
    if (keys.some((key) => !(key in got))) return differs;
    if (Object.keys(got).some((key) => !(key in wanted))) return differs;
    return this.#first(keys, (key) => [wanted[key] as Json, got[key] as Json], path);
  }

  #first(
    keys: readonly string[],
    pair: (key: string) => [Json, Json],
    path: string,
  ): { expected: unknown; got: unknown } | null {
    for (const key of keys) {
      const found = this.difference(...pair(key), LISTS.has(key) ? key : `${path}.${key}`);
      if (found) return found;
    }
    return null;
  }

  /** Tasks are told by their uids. */
  #withRealKeys(expected: { [key: string]: Json }): { [key: string]: Json } {
    return Object.fromEntries(Object.entries(expected).map(([key, value]) => [this.#realOf.get(key) ?? key, value]));
  }

  #isSameText(expected: string, got: Json): boolean {
    if (expected === '<time>') return typeof got === 'number' || typeof got === 'string';
    if (expected === '<versions>') return typeof got === 'object';
    if (typeof got !== 'string') return false;
    if (expected === '<traceback>') return got !== '';
    if (OWN_NAME.test(expected)) return OWN_NAME.test(got);
    if (UID_NAME.test(expected)) return this.#isSameUid(expected, got);
    // `uid5` may be what a tester wrote; a real uid inside a text stands for the name that it has.
    const normal = got.replace(REAL_UID, (uid) => this.#nameOf.get(uid) ?? uid).replace(TIME_TEXT, '<time>');
    return normal === expected || normal.replace(REAL_UID, 'uid') === expected.replace(/\buid\d+\b/g, 'uid');
  }

  #isSameUid(name: string, real: string): boolean {
    const known = this.#realOf.get(name);
    if (known !== undefined) return known === real;
    if (this.#nameOf.has(real)) return false;
    this.#realOf.set(name, real);
    this.#nameOf.set(real, name);
    return true;
  }
}
