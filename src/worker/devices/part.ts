import type { Connectable } from './device-context.ts';
import type { DataKeys, Hints, Readings, SyncOrAsync } from './protocols.ts';

/** How a part shows in its device: `hinted` and `normal` parts are read, `config` ones are its configuration. */
export type Kind = 'hinted' | 'normal' | 'config' | 'omitted';

/** Where a part is put: its name in readings, and the device that it is part of. */
export interface Place {
  name: string;
  parent?: unknown;
  kind?: Kind;
}

/** What devices are made of: signals, and other devices. */
export interface Part extends Connectable {
  readonly name: string;
  readonly parent: unknown;
  readonly kind: Kind;
  readonly hints: Hints;
  read(): SyncOrAsync<Readings>;
  describe(): SyncOrAsync<DataKeys>;
  readConfiguration(): SyncOrAsync<Readings>;
  describeConfiguration(): SyncOrAsync<DataKeys>;
  stage(): unknown[];
  unstage(): unknown[];
}

/** What several parts say, as one: at once where all of them know it at once, else in parallel. */
export function gathered<T>(answers: readonly SyncOrAsync<Record<string, T>>[]): SyncOrAsync<Record<string, T>> {
  const isPending = answers.some((answer) => answer instanceof Promise);
  if (!isPending) return merged(answers as readonly Record<string, T>[]);
  return Promise.all(answers.map(async (answer) => answer)).then(merged<T>);
}

const merged = <T>(records: readonly Record<string, T>[]): Record<string, T> =>
  records.length === 1 ? (records[0] as Record<string, T>) : (Object.assign({}, ...records) as Record<string, T>);
