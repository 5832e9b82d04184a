import { expect, test } from 'vitest';
import { RequestAbort } from '../../../../src/worker/run-engine/messages.ts';
import type { Plan } from '../../../../src/worker/run-engine/messages.ts';
import { create, declareStream, drop, save } from '../../../../src/worker/plans/stubs/bundle.ts';
import {
  broadcast,
  checkpoint,
  clearCheckpoint,
  configure,
  deferredPause,
  inputPlan,
  installSuspender,
  nothing,
  pause,
  removeSuspender,
  subscribe,
  unsubscribe,
} from '../../../../src/worker/plans/stubs/control.ts';
import { collect, complete, kickoff, kickoffAll, prepare } from '../../../../src/worker/plans/stubs/flying.ts';
import { absSet, mv, mvr, relSet, stop } from '../../../../src/worker/plans/stubs/motion.ts';
import {
  locate,
  monitor,
  rd,
  read,
  trigger,
  triggerAndRead,
  unmonitor,
} from '../../../../src/worker/plans/stubs/reading.ts';
import { cachingRepeater, repeat, repeater } from '../../../../src/worker/plans/stubs/repeating.ts';
import { closeRun, openRun } from '../../../../src/worker/plans/stubs/runs.ts';
import { stage, stageAll, unstage, unstageAll } from '../../../../src/worker/plans/stubs/staging.ts';
import { one1dStep, oneNdStep, oneShot } from '../../../../src/worker/plans/stubs/steps.ts';
import { sleep, wait, waitFor } from '../../../../src/worker/plans/stubs/waiting.ts';
import { lines, played } from './played.ts';

const done = { done: true, addCallback: () => undefined, exception: () => undefined };
const reads = { read: () => ({}), describe: () => ({}) };
const m1 = { name: 'm1', parent: null, position: 2, set: () => done, ...reads };
const m2 = { name: 'm2', parent: null, position: 0, set: () => done, ...reads };
const det = { name: 'det', parent: null, trigger: () => done, ...reads };
const flyer = { name: 'flyer', parent: null, kickoff: () => done, complete: () => done };
const consumer = (): void => undefined;

const EVENT = [
  'trigger det {"group":"#1"}',
  'wait {"group":"#1","error_on_timeout":true,"timeout":null,"watch":[]}',
  'create {"name":"primary"}',
  'read det',
  'save',
];

const table: [string, () => Plan, string[]][] = [
  ['absSet', () => absSet(m1, 3), ['set m1 [3] {"group":null}']],
  ['absSet in a group', () => absSet(m1, 3, { group: 'A' }), ['set m1 [3] {"group":"A"}']],
  ['absSet and wait', () => absSet(m1, 3, { wait: true }), ['set m1 [3] {"group":"#1"}', 'wait {"group":"#1"}']],
  ['relSet', () => relSet(m1, 1), ['set m1 [3] {"group":null}']],
  [
    'mv',
    () => mv([m1, 1, m2, 2]),
    ['set m1 [1] {"group":"#1"}', 'set m2 [2] {"group":"#1"}', 'wait {"group":"#1","timeout":null}'],
  ],
  ['mvr', () => mvr([m1, 1], { timeout: 5 }), ['set m1 [3] {"group":"#1"}', 'wait {"group":"#1","timeout":5}']],
  ['stop', () => stop(m1), ['stop m1']],
  ['trigger', () => trigger(det, { group: 'A', wait: true }), ['trigger det {"group":"A"}', 'wait {"group":"A"}']],
  ['read', () => read(det), ['read det']],
  ['locate', () => locate([m1, m2]), ['locate m1 ["m2"] {"squeeze":true}']],
  ['monitor', () => monitor(m1, { name: 'c' }), ['monitor m1 {"name":"c"}']],
  ['unmonitor', () => unmonitor(m1), ['unmonitor m1']],
  [
    'declareStream',
    () => declareStream([det, m1], { name: 'b' }),
    ['declare_stream ["det","m1"] {"name":"b","collect":false}'],
  ],
  ['create, save, drop', () => sequence(create('a'), save(), drop()), ['create {"name":"a"}', 'save', 'drop']],
  ['openRun', () => openRun({ a: 1 }), ['open_run {"a":1}']],
  ['closeRun', () => closeRun(), ['close_run {"exit_status":null,"reason":null}']],
  [
    'wait',
    () => wait('A', { timeout: 1, errorOnTimeout: false }),
    ['wait {"group":"A","error_on_timeout":false,"timeout":1,"watch":[]}'],
  ],
  ['waitFor', () => waitFor([async () => undefined]), ['wait_for [["<>"]]']],
  ['sleep', () => sleep(2), ['sleep [2]']],
  ['nothing', () => nothing(), ['null']],
  ['checkpoints', () => sequence(checkpoint(), clearCheckpoint()), ['checkpoint', 'clear_checkpoint']],
  ['pauses', () => sequence(pause(), deferredPause()), ['pause {"defer":false}', 'pause {"defer":true}']],
  ['inputPlan', () => inputPlan('go?'), ['input {"prompt":"go?"}']],
  [
    'subscriptions',
    () => sequence(subscribe('all', consumer), unsubscribe(1)),
    ['subscribe ["<consumer>","all"]', 'unsubscribe {"token":1}'],
  ],
  [
    'suspenders',
    () => sequence(installSuspender(1), removeSuspender(1)),
    ['install_suspender [1]', 'remove_suspender [1]'],
  ],
  ['configure', () => configure(det, { a: 1 }), ['configure det [{"a":1}]']],
  ['broadcast', () => broadcast('read', [m1, m2], [], { x: 1 }), ['read m1 {"x":1}', 'read m2 {"x":1}']],
  [
    'stage and unstage',
    () => sequence(stage(det), unstage(det)),
    ['stage det {"group":null}', 'unstage det {"group":null}'],
  ],
  ['stageAll', () => stageAll([det, m1], 'A'), ['stage det {"group":"A"}', 'stage m1 {"group":"A"}']],
  ['unstageAll', () => unstageAll([det], 'A'), ['unstage det {"group":"A"}']],
  ['prepare', () => prepare(flyer, 1, { group: 'A' }), ['prepare flyer [1] {"group":"A"}']],
  [
    'kickoff and wait',
    () => kickoff(flyer, { wait: true }),
    ['kickoff flyer {"group":null}', 'wait {"group":null,"error_on_timeout":true,"timeout":null,"watch":[]}'],
  ],
  ['complete', () => complete(flyer, { group: 'A' }), ['complete flyer {"group":"A"}']],
  [
    'kickoffAll',
    () => kickoffAll([flyer], { group: 'A' }),
    ['kickoff flyer {"group":"A"}', 'wait {"group":"A","error_on_timeout":true,"timeout":null,"watch":[]}'],
  ],
  ['collect', () => collect(flyer), ['collect flyer {"stream":false,"return_payload":true,"name":null}']],
  ['triggerAndRead', () => triggerAndRead([det]), EVENT],
  ['oneShot', () => oneShot([det]), ['checkpoint', ...EVENT]],
  [
    'one1dStep',
    () => one1dStep([], m1, 1),
    ['checkpoint', 'set m1 [1] {"group":"#1"}', 'wait {"group":"#1"}', 'create {"name":"primary"}', 'read m1', 'save'],
  ],
  ['repeater', () => repeater(2, nothing), ['null', 'null']],
  ['cachingRepeater', () => cachingRepeater(2, nothing()), ['null', 'null']],
  ['repeat', () => repeat(nothing, 2), ['checkpoint', 'null', 'checkpoint', 'null']],
];

test.each(table)('%s yields the messages of bluesky', (_name, plan, expected) => {
  expect(lines(plan())).toEqual(expected);
});

test('a step does not move a motor that is there already', () => {
  const last = new Map();
  expect(lines(oneNdStep([], new Map([[m1, 0]]), last))).toContain('set m1 [0] {"group":"#1"}');
  expect(lines(oneNdStep([], new Map([[m1, -0]]), last)).filter((line) => line.startsWith('set'))).toEqual([]);
});

test('a device that stages with a status is waited for', () => {
  const respond = (): unknown => done;
  expect(lines(stageAll([det], 'A'), respond)).toEqual(['stage det {"group":"A"}', 'wait {"group":"A"}']);
});

test('an old style device cannot be told not to wait', () => {
  expect(() => played(stage(det, { wait: false }))).toThrow('Is an old style device and cannot be told not to wait');
});

test('when reading fails the bundle is dropped and the error goes on', () => {
  const seen: string[] = [];
  const failing = triggerAndRead([det]);
  expect(() =>
    played(failing, ({ command }) => {
      seen.push(command);
      if (command === 'read') throw new Error('no light');
    }),
  ).toThrow('no light');
  expect(seen).toEqual(['trigger', 'wait', 'create', 'read', 'drop']);
});

test('what is thrown into messages that are played again reaches the caller as it is', () => {
  const abort = new RequestAbort();
  const again = cachingRepeater(null, nothing());
  again.next();
  again.next();
  expect(() => again.throw(abort)).toThrow(abort);
});

test('rd takes the only hinted field', () => {
  const hinted = { ...det, hints: { fields: ['b'] } };
  const reading = { a: { value: 1, timestamp: 0 }, b: { value: 2, timestamp: 0 } };
  expect(played(rd(hinted), () => reading).result).toBe(2);
  expect(() => played(rd(det), () => reading)).toThrow('We do not know how to pick out a single value');
});

test('a delay list that is too short is refused before anything happens', () => {
  expect(() => played(repeat(nothing, 3, [1]))).toThrow('num=3 but delays only provides 1 entries');
});

function* sequence(...plans: Plan[]): Plan<void> {
  for (const plan of plans) yield* plan;
}
