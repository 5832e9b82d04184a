import { expect, test } from 'vitest';
import { simulatedHardware } from '../../../../src/worker/devices/sim/hardware.ts';
import { DeviceStatus } from '../../../../src/worker/devices/status.ts';
import { nothing } from '../../../../src/worker/plans/stubs/control.ts';
import { rampPlan } from '../../../../src/worker/plans/ramp.ts';
import { tweak } from '../../../../src/worker/plans/tweak.ts';
import type { Plan } from '../../../../src/worker/run-engine/messages.ts';
import { played } from './played.ts';

test('tweaking goes on with each answer until it is no number', () => {
  const { det, motor } = simulatedHardware();
  const answers = ['', '0.5', 'enough'];
  const prompts: unknown[] = [];
  const { messages } = played(
    tweak({ detector: det, target_field: 'det', motor, step: 1 }),
    ({ command, obj, kwargs }) => {
      if (command === 'read') return (obj as typeof det).read();
      if (command !== 'input') return undefined;
      prompts.push(kwargs['prompt']);
      return answers.shift();
    },
  );
  expect(messages.filter(({ command }) => command === 'set').map(({ args }) => args[0])).toEqual([1, 0.5]);
  expect(prompts[0]).toBe('motor, 0.0, 1.0, (1) ');
});

/** A ramp that is done when it was looked at so many times. */
function* ramp(looks: number): Plan<DeviceStatus> {
  const status = new DeviceStatus();
  let left = looks;
  return Object.defineProperty(status, 'done', { get: () => --left < 0 });
}

test('data is taken before, during and after a ramp', () => {
  const { motor } = simulatedHardware();
  const plan = rampPlan({ go_plan: ramp(2), monitor_sig: motor, inner_plan_func: nothing });
  expect(played(plan).messages.map(({ command }) => command)).toEqual([
    'open_run',
    'monitor',
    'null',
    'null',
    'null',
    'null',
    'unmonitor',
    'close_run',
  ]);
});

test('a ramp that takes too long fails', () => {
  const { motor } = simulatedHardware();
  const plan = rampPlan({ go_plan: ramp(9), monitor_sig: motor, inner_plan_func: nothing, timeout: -1 });
  expect(() => played(plan)).toThrow('The ramp did not end within -1 s');
});
