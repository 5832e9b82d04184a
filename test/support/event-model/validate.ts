import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';

/** Which schema is whose: names of documents are shorter than those of the files. */
const SCHEMAS: Readonly<Record<string, string>> = {
  start: 'run_start',
  stop: 'run_stop',
  descriptor: 'event_descriptor',
  event: 'event',
  event_page: 'event_page',
  resource: 'resource',
  datum: 'datum',
  datum_page: 'datum_page',
  stream_resource: 'stream_resource',
  stream_datum: 'stream_datum',
};

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
const validators = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const file = SCHEMAS[name];
  if (file === undefined) throw new Error(`there is no document '${name}'`);
  const schema = JSON.parse(readFileSync(new URL(`${file}.json`, import.meta.url), 'utf8')) as object;
  const validator = ajv.compile(schema);
  validators.set(name, validator);
  return validator;
}

/** What event-model's schema has against a document; nothing when it is one. */
export function schemaErrors(name: string, document: unknown): string[] {
  const validate = validatorOf(name);
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath}: ${message}`);
}
