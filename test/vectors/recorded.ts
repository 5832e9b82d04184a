import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseView } from '../../src/lib/raw-json.ts';

const folder = process.env['BEAMGATE_VECTORS'] ?? '../shared/vectors';

/** The cases of one file, as recorded. @throws when there are none: a replay of nothing must not pass */
export function casesOf<C>(topic: string, group: string): C[] {
  const { cases } = read(`${topic}/${group}`) as { cases: C[] };
  if (cases.length === 0) throw new Error(`${topic}/${group}.json holds no cases`);
  return cases;
}

export const fixture = <F>(name: string): F => read(`fixtures/${name}`) as F;

/** A parsed view: `1.0` is told from 1, and `{"$f": "NaN"}` is the number. */
function read(name: string): unknown {
  const text = readFileSync(join(folder, `${name}.json`), 'utf8');
  return parseView(text.replace(/\{\s*"\$f":\s*"(NaN|-?Infinity)"\s*\}/g, '$1'));
}
