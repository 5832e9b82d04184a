import type { DataKey, DataKeys } from '../../devices/protocols.ts';

/** What `describeCollect` gives: data keys, or, the older way, streams of data keys. */
export type CollectedKeys = DataKeys | Record<string, DataKeys>;

export const isDataKey = (value: unknown): value is DataKey =>
  typeof value === 'object' && value !== null && 'source' in value && typeof value.source === 'string';

/** The data keys of the one stream that is declared, however deep the device nests them. */
export function flat(description: CollectedKeys, name: string): DataKeys {
  const values = Object.values(description);
  if (values.every(isDataKey)) return description as DataKeys;
  const only = (description as Record<string, DataKeys>)[name];
  if (only !== undefined && values.length === 1) return only;
  throw new Error(`Expected a single stream '${name}', got ${Object.keys(description).join(', ')}`);
}

export function refuseSharedKeys(streams: readonly [string, DataKeys][]): void {
  for (const [index, [name, dataKeys]] of streams.entries()) {
    for (const [other, otherKeys] of streams.slice(index + 1)) {
      const shared = Object.keys(dataKeys).filter((key) => key in otherKeys);
      if (shared.length === 0) continue;
      throw new Error(
        `Can't use identical data keys in multiple streams: ${shared.join(', ')} in ${name} and ${other}`,
      );
    }
  }
}
