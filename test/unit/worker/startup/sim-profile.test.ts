import { expect, onTestFinished, test, vi } from 'vitest';
import type { DefinedPlan } from '../../../../src/worker/startup/define-plan.ts';
import { deviceOf } from '../../../../src/worker/startup/device-names.ts';
import { describeDevices } from '../../../../src/worker/startup/describe-devices.ts';
import { describePlans } from '../../../../src/worker/startup/describe-plans.ts';
import { function_sleep, push_buffer_element } from '../../../../src/worker/startup/sim-profile/functions.ts';
import { simProfile } from '../../../../src/worker/startup/sim-profile/profile.ts';
import { lines, played } from '../plans/played.ts';

const { namespace, metadata } = simProfile();
const plan = (name: string, args: unknown[], kwargs: Record<string, unknown> = {}) =>
  (namespace[name] as DefinedPlan).bind(args, kwargs, (device) => deviceOf(namespace, device));
const call = <T>(name: string, ...args: unknown[]): T => (namespace[name] as (...given: unknown[]) => T)(...args);

/** What the profile prints. */
function printed(): string[] {
  const texts: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => texts.push(String(text)) > 0);
  onTestFinished(() => spy.mockRestore());
  return texts;
}

test('every start document says what the profile says of itself', () => {
  expect(metadata).toEqual({ metadata_key: 'metadata_value' });
});

test('names lead to devices and their parts', () => {
  expect(deviceOf(namespace, 'det1')).toBe(namespace['det1']);
  expect(deviceOf(namespace, 'sim_bundle_A.dets.det_A')).toMatchObject({ name: 'sim_bundle_A_dets_det_A' });
  expect(['count', 'nobody', 'det1.nothing', 'toString'].map((name) => deviceOf(namespace, name))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('move_then_count moves, and counts the detectors that its declaration names', () => {
  const { messages } = played(plan('move_then_count', [['motor1', 'motor2'], undefined, [1, 2]]));
  expect(messages.slice(0, 2).map(({ obj, args }) => [obj, args[0]])).toEqual([
    [namespace['motor1'], 1],
    [namespace['motor2'], 2],
  ]);
  expect(messages.filter(({ command }) => command === 'read').map(({ obj }) => obj)).toEqual([
    namespace['det1'],
    namespace['det2'],
  ]);
  expect(() => played(plan('move_then_count', [['motor1'], ['det1'], [1, 2]]))).toThrow(
    'should have the same number of elements: len(motors) = 1, len(positions) = 2',
  );
});

test('the nested plan opens one run inside the other', () => {
  const { messages } = played(plan('sim_multirun_plan_nested', [2, 0]));
  expect(messages.filter(({ command }) => command.endsWith('_run')).map(({ command, run }) => [command, run])).toEqual([
    ['open_run', 'run_1'],
    ['open_run', 'run_2'],
    ['close_run', 'run_2'],
    ['close_run', 'run_1'],
  ]);
  const saves = messages.filter(({ command }) => command === 'save').map(({ run }) => run);
  expect(saves).toEqual(['run_1', 'run_2', 'run_2', 'run_2', 'run_1']);
});

test('a part of a bundle can be counted by its name', () => {
  const { messages } = played(plan('count_bundle_test', [['sim_bundle_A.dets.det_A']]));
  expect(messages[0]?.obj).toBe(namespace['sim_bundle_A']);
});

test('progress bars are drawn to their end', () => {
  const texts = printed();
  const sleeps = lines(plan('plan_test_progress_bars', [2]));
  expect(sleeps).toHaveLength(10);
  expect(texts[0]).toBe('TESTING 2 PROGRESS BARS ...\n\n');
  expect(texts.at(-1)).toContain('TEST COMPLETED ...');
  expect(texts.filter((text) => text.includes('TEST2: 100%'))).toHaveLength(1);
});

test('the functions of the profile keep a buffer and sleep', async () => {
  const texts = printed();
  call('clear_buffer');
  push_buffer_element({ element: 'a' });
  expect(call('pop_buffer_element')).toBe('a');
  expect(() => call('pop_buffer_element')).toThrow('pop from empty list');
  expect(await function_sleep.callWith([], { time: 0.001 })).toEqual({ success: true, time: 0.001 });
  expect(texts).toContain('*******************   Waiting for 0.001 seconds **************************\n');
});

test('a plain generator function is a plan of which only the name is known', () => {
  const own = { *my_plan() {}, helper: () => null, constant: 3 };
  expect(describePlans(own, describeDevices(own))).toEqual({
    my_plan: {
      name: 'my_plan',
      properties: { is_generator: true },
      module: '__main__',
      parameters: [
        { name: 'args', kind: { name: 'VAR_POSITIONAL', value: 2 } },
        { name: 'kwargs', kind: { name: 'VAR_KEYWORD', value: 4 } },
      ],
    },
  });
});

test('what startup code defines is described as its own', () => {
  class Shutter {
    readonly name = 'shutter';
    set() {}
  }
  expect(describeDevices({ shutter: new Shutter(), number: 3, text: 'det' })).toEqual({
    shutter: { is_readable: false, is_movable: true, is_flyable: false, classname: 'Shutter', module: '__main__' },
  });
});
