import { isPlainObject } from '../../lib/plain-object.ts';

type Metadata = Readonly<Record<string, unknown>>;

/**
 * What clients may read of the RunEngine's metadata. `/key` permits a key with all below it, `/key/part` only that part, `/`
 * everything; a slash at the end counts for nothing.
 */
export function permittedMetadata(metadata: Metadata, paths: readonly string[]): Record<string, unknown> {
  if (paths.includes('/')) return { ...metadata };
  return permitted(metadata, new Set(paths.map((path) => path.replace(/\/+$/, ''))), '');
}

function permitted(metadata: Metadata, paths: ReadonlySet<string>, above: string): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(metadata)) {
    const path = `${above}/${key}`;
    if (paths.has(path)) kept[key] = value;
    else if (isPlainObject(value)) {
      const part = permitted(value, paths, path);
      if (Object.keys(part).length > 0) kept[key] = part;
    }
  }
  return kept;
}
