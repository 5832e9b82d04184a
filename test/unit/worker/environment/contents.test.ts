import { expect, test } from 'vitest';
import { Contents } from '../../../../src/worker/environment/contents.ts';
import type { ItemCall } from '../../../../src/worker/environment/plan-item.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { definePlan } from '../../../../src/worker/startup/define-plan.ts';
import { deviceOf } from '../../../../src/worker/startup/device-names.ts';
import { devicesFrom } from '../../../../src/worker/startup/parameters.ts';
import { simProfile } from '../../../../src/worker/startup/sim-profile/profile.ts';

const { namespace } = simProfile();
const all = { deviceLevels: 0, onInvalidPlan: undefined };
const call = (name: string, args: unknown[] = [], kwargs: Record<string, unknown> = {}): ItemCall => ({
  uid: '',
  name,
  args,
  kwargs,
  meta: {},
  user: undefined,
  userGroup: undefined,
});

test('names of devices become devices in a plan that nobody declared, at any depth, and keywords come last', () => {
  const given: unknown[] = [];
  function* plain(...args: unknown[]): Plan {
    given.push(...args);
    return yield msg('null');
  }
  const contents = new Contents({ ...namespace, plain }, all);

  contents.plan(call('plain', [['det1'], 'sim_bundle_A.mtrs.z', 'nothing'], { by: 'det2' })).next();

  expect(given).toEqual([
    [namespace['det1']],
    deviceOf(namespace, 'sim_bundle_A.mtrs.z'),
    'nothing',
    { by: namespace['det2'] },
  ]);
});

test('what is not there is refused by name', () => {
  const contents = new Contents(namespace, all);
  expect(() => contents.plan(call('no_plan'))).toThrow("Plan 'no_plan' is not found in the worker namespace");
  expect(() => contents.plan(call('toString'))).toThrow('is not found');
  expect(() => contents.call(call('det1'))).toThrow("Function 'det1' is not found in the worker namespace");
});

test('lists are described anew when something was added, and only then said to have changed', () => {
  const contents = new Contents(namespace, all);
  contents.add({ value: 5 });
  expect(contents.redescribe()).toBe(false);

  contents.add({ det_new: namespace['det1'] });
  expect(contents.redescribe()).toBe(true);
  expect(contents.descriptions.devices).toHaveProperty('det_new');
});

test('parts of devices are listed down to the level that is asked for', () => {
  const partsAt = (deviceLevels: number) => {
    const { sim_bundle_A: bundle } = new Contents(namespace, { ...all, deviceLevels }).descriptions.devices;
    return [bundle?.components, bundle?.components?.['dets']?.components].map((parts) =>
      Object.keys(parts ?? {}).sort(),
    );
  };
  expect(partsAt(1)).toEqual([[], []]);
  expect(partsAt(2)).toEqual([['dets', 'mtrs'], []]);
  expect(partsAt(3)).toEqual([
    ['dets', 'mtrs'],
    ['det_A', 'det_B'],
  ]);
});

test('a plan that cannot be described is an error, or is told and left out', () => {
  const parameters = { motors: devicesFrom('Motors', [':[']) };
  const bad = definePlan({ name: 'bad', description: 'Lists devices by no pattern.', parameters }, function* () {
    return yield msg('null');
  });
  const told: string[] = [];
  const sentence = "Failed to create description of plan 'bad': Name pattern ':[' contains invalid regular expression";

  expect(() => new Contents({ ...namespace, bad }, all)).toThrow(sentence);
  const contents = new Contents({ ...namespace, bad }, { ...all, onInvalidPlan: (each) => told.push(each) });
  expect(Object.keys(contents.descriptions.plans)).not.toContain('bad');
  expect(Object.keys(contents.descriptions.plans)).toContain('count');
  expect(told).toEqual([expect.stringContaining(sentence)]);
});
