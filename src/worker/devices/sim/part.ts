import type { DataKeys, Hints, Readings } from '../protocols.ts';

/** How a part shows in its device: `hinted` and `normal` parts are read, `config` ones are its configuration. */
export type Kind = 'hinted' | 'normal' | 'config' | 'omitted';

/** Where a part is put: its name in readings, and the device that it is part of. */
export interface Place {
  name: string;
  parent?: unknown;
  kind?: Kind;
}

/** What devices are made of: signals, and other devices. */
export interface Part {
  readonly name: string;
  readonly parent: unknown;
  readonly kind: Kind;
  readonly hints: Hints | undefined;
  read(): Readings;
  describe(): DataKeys;
  readConfiguration(): Readings;
  describeConfiguration(): DataKeys;
}

/** `{ [field]: reading }` for the parts together. */
export function together<T>(parts: readonly Part[], ask: (part: Part) => Record<string, T>): Record<string, T> {
  if (parts.length === 1) return ask(parts[0] as Part);
  return Object.assign({}, ...parts.map(ask)) as Record<string, T>;
}
