import { readFileSync } from 'node:fs';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/**
 * What a process was told: the file that is its only argument, checked.
 * @throws Error naming the file, each member that is wrong, and the rule
 */
export function settingsIn<const S extends TSchema>(schema: S, [file]: readonly string[]): Static<S> {
  if (file === undefined) throw new Error('usage: main.ts <settings.json>');
  const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (Value.Check(schema, settings)) return settings;
  const wrong = Value.Errors(schema, settings).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  throw new Error(`${file}: ${wrong.join('; ')}`);
}
