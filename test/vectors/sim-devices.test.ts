import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { simulatedHardware } from '../../src/worker/devices/sim/hardware.ts';

interface Recorded {
  class: string;
  name: string;
  hints: Record<string, unknown>;
  [asked: string]: unknown;
}
const VECTORS = process.env['BEAMGATE_VECTORS'] ?? '../shared/vectors';
const recorded = JSON.parse(readFileSync(join(VECTORS, 'plans', '_devices.json'), 'utf8')) as Record<string, Recorded>;
const hardware = simulatedHardware() as unknown as Record<string, Record<string, () => unknown> | undefined>;

test('there are the devices that were recorded, and no others', () => {
  expect(Object.keys(hardware).sort()).toEqual(Object.keys(recorded).sort());
});

test.each(Object.entries(recorded))('%s says of itself what was recorded', (key, expected) => {
  const device = hardware[key];
  expect([device?.constructor.name, device?.['name']]).toEqual([expected.class, expected.name]);
  if (!('$raises' in expected.hints)) expect(device?.['hints']).toEqual(expected.hints);
  for (const [asked, method] of Object.entries(METHODS)) {
    if (expected[asked] !== undefined)
      expect(comparable(device?.[method]?.()), asked).toEqual(comparable(expected[asked]));
  }
});

const METHODS = {
  describe: 'describe',
  describe_configuration: 'describeConfiguration',
  describe_collect: 'describeCollect',
  read_configuration: 'readConfiguration',
};

/**
 * Accepted: ophyd takes `dtype` and `shape` from the value that it has at the time, so that a motor at 0 is an `integer`
 * and an image not yet taken is none at all; here they are declared. What is read of random signals is random.
 */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, entry: unknown) => {
      if (key === 'dtype') return 'declared';
      if (key === 'shape') return 'declared';
      if (key === 'timestamp') return 0;
      return key === 'value' && typeof entry === 'number' && !Number.isInteger(entry) ? 'a number' : entry;
    }),
  );
}
