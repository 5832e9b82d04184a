import { expect, test } from 'vitest';
import { Contents } from '../../../../src/worker/environment/contents.ts';
import type { ItemCall } from '../../../../src/worker/environment/plan-item.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { deviceOf } from '../../../../src/worker/startup/device-names.ts';
import { simProfile } from '../../../../src/worker/startup/sim-profile/profile.ts';

const { namespace } = simProfile();
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
  const contents = new Contents({ ...namespace, plain });

  contents.plan(call('plain', [['det1'], 'sim_bundle_A.mtrs.z', 'nothing'], { by: 'det2' })).next();

  expect(given).toEqual([
    [namespace['det1']],
    deviceOf(namespace, 'sim_bundle_A.mtrs.z'),
    'nothing',
    { by: namespace['det2'] },
  ]);
});

test('what is not there is refused by name', () => {
  const contents = new Contents(namespace);
  expect(() => contents.plan(call('no_plan'))).toThrow("Plan 'no_plan' is not found in the worker namespace");
  expect(() => contents.plan(call('toString'))).toThrow('is not found');
  expect(() => contents.call(call('det1'))).toThrow("Function 'det1' is not found in the worker namespace");
});

test('lists are described anew when something was added, and only then said to have changed', () => {
  const contents = new Contents(namespace);
  contents.add({ value: 5 });
  expect(contents.redescribe()).toBe(false);

  contents.add({ det_new: namespace['det1'] });
  expect(contents.redescribe()).toBe(true);
  expect(contents.descriptions.devices).toHaveProperty('det_new');
});
