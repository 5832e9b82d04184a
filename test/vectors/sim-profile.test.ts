import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DeviceDescriptions, PlanDescription, PlanDescriptions } from '../../src/protocol/descriptions.ts';
import { describeDevices } from '../../src/worker/startup/describe-devices.ts';
import { describePlans } from '../../src/worker/startup/describe-plans.ts';
import { simProfile } from '../../src/worker/startup/sim-profile/profile.ts';

const VECTORS = process.env['BEAMGATE_VECTORS'] ?? '../shared/vectors';
const fixture = <T>(name: string): T => JSON.parse(readFileSync(join(VECTORS, 'fixtures', name), 'utf8')) as T;

const { namespace } = simProfile();
const devices = describeDevices(namespace);
const plans = describePlans(namespace, devices);
const recordedDevices = fixture<DeviceDescriptions>('sim-existing-devices.json');
const recordedPlans = fixture<PlanDescriptions>('sim-existing-plans.json');

test('the simulated profile has the devices of the original, and no others', () => {
  expect(Object.keys(devices).sort()).toEqual(Object.keys(recordedDevices).sort());
  expect(Object.keys(devices)).toHaveLength(43);
});

test.each(Object.entries(recordedDevices))('device %s describes itself and its parts as recorded', (name, recorded) => {
  expect(devices[name]).toEqual(recorded);
});

test('the simulated profile has the plans of the original, and no others', () => {
  expect(Object.keys(plans).sort()).toEqual(Object.keys(recordedPlans).sort());
  expect(Object.keys(plans)).toHaveLength(36);
});

test.each(Object.entries(recordedPlans))('plan %s describes itself as recorded', (name, recorded) => {
  expect(withoutTexts(plans[name])).toEqual(recorded);
});

/** The recording keeps that there is a text, not which: ours are our own. */
function withoutTexts(plan: PlanDescription | undefined): unknown {
  const replaced = <T extends { description?: string }>(described: T): T =>
    described.description === undefined ? described : { ...described, description: '<text>' };
  return plan && { ...replaced(plan), parameters: plan.parameters.map(replaced) };
}
