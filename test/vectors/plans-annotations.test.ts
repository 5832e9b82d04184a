import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DeviceDescriptions, ParameterAnnotation } from '../../src/protocol/descriptions.ts';
import { deviceLists, expandedLists } from '../../src/worker/startup/device-patterns.ts';

interface Case {
  id: string;
  annotation: ParameterAnnotation | null;
  devices: string | null;
  result?: ParameterAnnotation;
}
const VECTORS = process.env['BEAMGATE_VECTORS'] ?? '../shared/vectors';
const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(VECTORS, ...path), 'utf8')) as T;
const tree = (name: string): DeviceDescriptions =>
  json('fixtures', name === 'sim' ? 'sim-existing-devices.json' : `devices-${name}.json`);

const cases = json<{ cases: Case[] }>('device-names', 'expand-annotation.json').cases.filter(
  ({ annotation, devices, result }) => devices !== null && result !== undefined && annotation?.devices !== undefined,
);

test('there are annotations to expand', () => {
  expect(cases.length).toBeGreaterThan(10);
});

test.each(cases.map((one) => [one.id, one] as const))(
  '%s is expanded as recorded',
  (_id, { annotation, devices, result }) => {
    expect(expandedLists(annotation?.devices ?? {}, tree(devices ?? ''))).toEqual(result?.devices);
  },
);

test.each(cases.map((one) => [one.id, one] as const))(
  '%s takes the names that it is expanded to',
  (_id, { annotation, result }) => {
    const takes = deviceLists(annotation?.devices ?? {});
    for (const name of Object.values(result?.devices ?? {}).flat()) expect(takes(name), name).toBe(true);
  },
);
