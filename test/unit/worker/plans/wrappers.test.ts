import { expect, test } from 'vitest';
import { simulatedHardware } from '../../../../src/worker/devices/sim/hardware.ts';
import { PlanHalt, RequestAbort, RequestStop } from '../../../../src/worker/run-engine/errors.ts';
import { msg } from '../../../../src/worker/run-engine/messages.ts';
import type { Plan } from '../../../../src/worker/run-engine/messages.ts';
import { nothing } from '../../../../src/worker/plans/stubs/control.ts';
import { mv, mvr } from '../../../../src/worker/plans/stubs/motion.ts';
import { openRun } from '../../../../src/worker/plans/stubs/runs.ts';
import { sleep } from '../../../../src/worker/plans/stubs/waiting.ts';
import { contingencyWrapper, finalizeWrapper } from '../../../../src/worker/plans/wrappers/cleanup.ts';
import { configureCountTimeWrapper } from '../../../../src/worker/plans/wrappers/count-time.ts';
import { relativeSetDecorator, runDecorator } from '../../../../src/worker/plans/wrappers/decorators.ts';
import { chain, single } from '../../../../src/worker/plans/wrappers/mutators.ts';
import { relativeSetWrapper, resetPositionsWrapper } from '../../../../src/worker/plans/wrappers/relative.ts';
import { rewindableWrapper } from '../../../../src/worker/plans/wrappers/rewindable.ts';
import {
  injectMdWrapper,
  runWrapper,
  setRunKeyWrapper,
  stubWrapper,
} from '../../../../src/worker/plans/wrappers/run.ts';
import { stageWrapper } from '../../../../src/worker/plans/wrappers/staging.ts';
import { subsWrapper, suspendWrapper } from '../../../../src/worker/plans/wrappers/subscriptions.ts';
import { printSummaryWrapper } from '../../../../src/worker/plans/wrappers/summary.ts';
import { failingAt, lines, played } from './played.ts';

test('a final plan runs after success and after failure', () => {
  expect(lines(finalizeWrapper(nothing(), () => sleep(1)))).toEqual(['null', 'sleep [1]']);

  const { commands, respond } = failingAt('null', new Error('broken'));
  expect(() =>
    played(
      finalizeWrapper(nothing(), () => sleep(1)),
      respond,
    ),
  ).toThrow('broken');
  expect(commands).toEqual(['null', 'sleep']);
});

test('stop and abort let a plan clean up, a halt does not', () => {
  for (const [error, expected] of [
    [new RequestStop(), ['null', 'sleep']],
    [new RequestAbort(), ['null', 'sleep']],
    [new PlanHalt(), ['null']],
  ] as const) {
    const { commands, respond } = failingAt('null', error);
    expect(() =>
      played(
        finalizeWrapper(nothing(), () => sleep(1)),
        respond,
      ),
    ).toThrow(error);
    expect(commands).toEqual(expected);
  }
});

test('a generator that is closed from outside does not clean up, since nobody would hear it', () => {
  const plan = finalizeWrapper(nothing(), () => sleep(1));
  plan.next();
  expect(plan.return(undefined)).toEqual({ done: true, value: undefined });
});

test('what is done about an error depends on how the plan ended', () => {
  const seen: string[] = [];
  const contingencies = {
    *exceptPlan(error: Error): Plan<string> {
      seen.push(error.message);
      return 'replaced';
    },
    *elsePlan(): Plan<void> {
      seen.push('well');
    },
    *finalPlan(): Plan<void> {
      seen.push('in the end');
    },
  };
  const { respond } = failingAt('null', new Error('broken'));
  played(contingencyWrapper(nothing(), contingencies));
  expect(() => played(contingencyWrapper(nothing(), contingencies), respond)).toThrow('broken');
  expect(played(contingencyWrapper(nothing(), { ...contingencies, autoRaise: false }), respond).result).toBe(
    'replaced',
  );
  expect(seen).toEqual(['well', 'in the end', 'broken', 'in the end', 'broken', 'in the end']);
});

test.each([
  [new Error('broken'), 'close_run {"exit_status":"fail","reason":"broken"}'],
  [new RequestStop(), 'close_run {"exit_status":"success","reason":null}'],
  [new RequestAbort(), 'close_run {"exit_status":"abort","reason":null}'],
])('a run is closed with the status that it has: %s', (error, expected) => {
  const told: string[] = [];
  function* watched(): Plan<void> {
    const plan = runWrapper(nothing());
    let step = plan.next();
    while (!step.done) {
      if (step.value.command === 'close_run') told.push(...lines(single(step.value)));
      yield step.value;
      step = step.value.command === 'null' ? plan.throw(error) : plan.next();
    }
  }
  expect(() => played(watched())).toThrow(error);
  expect(told).toEqual([expected]);
});

test('a run key, metadata and a plan without its run are a matter of messages', () => {
  expect(lines(setRunKeyWrapper(chain(nothing(), setRunKeyWrapper(nothing(), 'in')), 'out'))).toEqual([
    'null out',
    'null in',
  ]);
  expect(() => setRunKeyWrapper(nothing(), null)).toThrow('run ID can not be None');
  expect(lines(injectMdWrapper(openRun({ a: 1, b: 1 }), { b: 2 }))).toEqual(['open_run {"a":1,"b":2}']);
  const stub = played(stubWrapper(runWrapper(nothing(), { a: 1 })));
  expect([stub.messages.map(({ command }) => command), stub.result]).toEqual([['null'], { a: 1 }]);
});

const motor = (name: string, extra: object = {}) => ({
  name,
  parent: null,
  position: 10,
  set: () => null,
  read: () => ({}),
  describe: () => ({}),
  ...extra,
});

test('positions are relative to where a device was meant to be, else is', () => {
  const m = motor('m');
  expect(lines(relativeSetWrapper(mv([m, 1]), [m]))[0]).toBe('set m [11] {"group":"#1"}');

  const locatable = motor('l', { locate: () => null });
  const located = lines(relativeSetWrapper(mv([locatable, 1])), ({ command }) =>
    command === 'locate' ? { setpoint: 5, readback: 4.9 } : null,
  );
  expect(located.slice(0, 2)).toEqual(['locate l', 'set l [6] {"group":"#1"}']);

  const blind = motor('b', { position: undefined });
  const read = lines(relativeSetWrapper(mv([blind, 1])), ({ command }) =>
    command === 'read' ? { b: { value: 7, timestamp: 0 } } : null,
  );
  expect(read.slice(0, 2)).toEqual(['read b', 'set b [8] {"group":"#1"}']);
});

test('pseudo axes are remembered and reset with the positioner that they belong to', () => {
  const parent = { ...motor('p'), position: [1, 2], pseudoPositioners: [] as object[], realPositioners: [] };
  const h = motor('p_h', { parent });
  const k = motor('p_k', { parent });
  parent.pseudoPositioners.push(h, k);
  const plan = resetPositionsWrapper(relativeSetWrapper(mv([h, 1]), [h]), [h]);
  expect(played(plan).messages.filter(({ command }) => command === 'set')).toMatchObject([
    { obj: h, args: [2] },
    { obj: parent, args: [[1, 2]] },
  ]);
});

test('a positioner moves by the distances of its axes', () => {
  const { pseudo3x3: positioner } = simulatedHardware();
  positioner.set([1, 2, 3]);
  const [first, second] = positioner.pseudoPositioners;
  const moved = (plan: Plan): unknown => played(plan).messages[0]?.args[0];
  expect(moved(mvr([first, 1, second, -1]))).toEqual([2, 1, 3]);
  expect(moved(mvr([positioner, [1, 1, 1]]))).toEqual([2, 3, 4]);
});

test('what is not safe to replay is kept from it', () => {
  const respond = (): boolean => true;
  expect(lines(rewindableWrapper(nothing(), false), respond)).toEqual([
    'rewindable [null]',
    'rewindable [false]',
    'null',
    'rewindable [true]',
  ]);
  expect(lines(rewindableWrapper(nothing(), false), () => false)).toEqual(['rewindable [null]', 'null']);
});

test('what a part belongs to is staged, and unstaged the other way round', () => {
  const parent = motor('p');
  expect(lines(stageWrapper(nothing(), [motor('p_x', { parent }), motor('m')]))).toEqual([
    'stage p {"group":"#1"}',
    'stage m {"group":"#1"}',
    'null',
    'unstage m {"group":"#2"}',
    'unstage p {"group":"#2"}',
  ]);
});

test('subscriptions and suspenders last as long as the plan', () => {
  const listener = (): void => undefined;
  expect(lines(subsWrapper(nothing(), { stop: [listener] }), () => 4)).toEqual([
    'subscribe ["<listener>","stop"]',
    'null',
    'unsubscribe {"token":4}',
  ]);
  expect(lines(suspendWrapper(nothing(), ['s']))).toEqual([
    'install_suspender ["s"]',
    'null',
    'remove_suspender ["s"]',
  ]);
});

test('a count time is set at the first use, and set back in the end', () => {
  const countTime = { name: 'count_time', parent: null, get: () => 1 };
  const counter = { ...motor('c'), countTime };
  const used = chain(single(msg('trigger', counter)), single(msg('read', counter)));
  expect(lines(configureCountTimeWrapper(used, 5)).filter((line) => !line.startsWith('wait'))).toEqual([
    'set count_time [5] {"group":"#1"}',
    'trigger c',
    'read c',
    'set count_time [1] {"group":"#2"}',
  ]);
});

test('a summary tells what moves and what is read', () => {
  const printed: string[] = [];
  const m = motor('m');
  const plan = runWrapper(chain(mv([m, 1]), single(msg('create')), single(msg('read', m)), single(msg('save'))));
  played(printSummaryWrapper(plan, (line) => printed.push(line)));
  expect(printed).toEqual([
    '=================================== Open Run ===================================',
    'm -> 1',
    "  Read ['m']",
    '================================== Close Run ===================================',
  ]);
});

test('a decorator wraps each plan that a function makes', () => {
  const m = motor('m');
  const measure = runDecorator({ a: 1 })(relativeSetDecorator([m])((distance: number) => mv([m, distance])));
  expect(lines(measure(1)).slice(0, 2)).toEqual(['open_run {"a":1}', 'set m [11] {"group":"#1"}']);
  expect(lines(measure(2))[1]).toBe('set m [12] {"group":"#1"}');
});
