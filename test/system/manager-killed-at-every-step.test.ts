import { describe, expect, test } from 'vitest';
import { ShakenManager } from '../support/shaken-manager.ts';

/**
 * The manager is killed between any two of its steps, in ten scenarios, and started again. Whatever it was doing, queue,
 * running item and history then agree with what was acknowledged and with what the worker did.
 *
 * BEAMGATE_KILL_STEPS says how many of the steps of each scenario are tried; `all` tries each of them.
 */
const ASKED = process.env['BEAMGATE_KILL_STEPS'] ?? '2';

const COUNT = { item_type: 'plan', name: 'count', args: [['det1']] };
const isRunning = (status: { re_state: string | null }) => status.re_state === 'running';
const isIdle = (status: { manager_state: string }) => status.manager_state === 'idle';

const SCENARIOS: Readonly<Record<string, (manager: ShakenManager) => Promise<void>>> = {
  'items are added, moved, replaced and removed': async (manager) => {
    const first = await manager.add('count', [['det1']]);
    const second = await manager.add('count', [['det2']]);
    const third = await manager.add('scan', [['det1'], 'motor', -1, 1, 3]);
    // Without its UID a request would mean another item
    if (third !== undefined) await manager.ask('queue_item_move', { uid: third, pos_dest: 'front' });
    const item = { ...COUNT, item_uid: second, kwargs: { num: 2 } };
    if (second !== undefined) await manager.ask('queue_item_update', { item, user: 'Ann', user_group: 'primary' });
    if (first !== undefined) await manager.takeAway([first], 'queue_item_remove', { uid: first });
  },

  'a batch is added, a part of it removed, and the queue cleared': async (manager) => {
    const batch = await manager.addBatch([COUNT, COUNT, COUNT]);
    const part = batch.slice(0, 2);
    await manager.takeAway(part, 'queue_item_remove_batch', { uids: part });
    await manager.takeAway(batch, 'queue_clear', {});
    await manager.addBatch([COUNT, COUNT]);
  },

  'three plans run one after another': async (manager) => {
    for (let n = 0; n < 3; n++) await manager.add('count', [['det1']], { num: 2 });
    await manager.insist('environment_open');
    await manager.until(isIdle);
    await manager.ask('queue_start');
  },

  'an instruction stops the queue between two plans': async (manager) => {
    await manager.add('count', [['det1']]);
    const instruction = await manager.add('queue_stop', [], {}, 'instruction');
    // An instruction that is carried out leaves no trace
    if (instruction !== undefined) manager.acknowledged.delete(instruction);
    await manager.add('count', [['det2']]);
    await manager.insist('environment_open');
    await manager.until(isIdle);
    await manager.ask('queue_start');
  },

  'a plan fails, and its copy stays at the front': async (manager) => {
    await manager.add('scan', [['det1'], 'motor', -1, 1], { num: 0 });
    await manager.add('count', [['det1']]);
    await manager.insist('environment_open');
    await manager.until(isIdle);
    await manager.ask('queue_start');
  },

  'two plans go round, and the loop is left': async (manager) => {
    await manager.add('count', [['det1']]);
    await manager.add('count', [['det2']]);
    await manager.insist('environment_open');
    await manager.until(isIdle);
    await manager.ask('queue_mode_set', { mode: { loop: true } });
    await manager.ask('queue_start');
    await manager.until((status) => status.items_in_history >= 4 || isIdle(status));
    await manager.insist('queue_stop');
  },

  'a plan is executed at once': async (manager) => {
    await manager.add('count', [['det2']]);
    await manager.insist('environment_open');
    await manager.until(isIdle);
    await manager.execute('count', [['det1']]);
  },

  'a plan is paused, resumed, paused again and stopped': async (manager) => {
    await manager.add('count', [['det1']], { num: 4, delay: 0.1 });
    await manager.insist('environment_open');
    await manager.until(isIdle);
    await manager.ask('queue_start');
    await manager.until((status) => isRunning(status) || isIdle(status));
    await manager.ask('re_pause', { option: 'deferred' });
    await manager.until((status) => status.manager_state === 'paused' || isIdle(status));
    await manager.ask('re_resume');
    await manager.ask('re_pause', { option: 'immediate' });
    await manager.until((status) => status.manager_state === 'paused' || isIdle(status));
    await manager.ask('re_stop');
  },

  'a plan is paused and aborted': async (manager) => {
    await manager.add('count', [['det1']], { num: 4, delay: 0.1 });
    await manager.insist('environment_open');
    await manager.until(isIdle);
    await manager.ask('queue_start');
    await manager.until((status) => isRunning(status) || isIdle(status));
    await manager.ask('re_pause', { option: 'immediate' });
    await manager.until((status) => status.manager_state === 'paused' || isIdle(status));
    await manager.ask('re_abort');
  },

  'the queue starts by itself for what is added': async (manager) => {
    await manager.insist('environment_open');
    await manager.until(isIdle);
    await manager.ask('queue_autostart', { enable: true });
    await manager.add('count', [['det1']]);
    await manager.add('count', [['det2']]);
    await manager.until(isIdle);
  },
};

/** What the stop document of a run says, by the exit status of its item. */
const STOPS = { completed: 'success', failed: 'fail', stopped: 'success', aborted: 'abort', halted: 'abort' };

async function expectTruth(manager: ShakenManager): Promise<void> {
  const queue = await manager.items('queue_get');
  const history = await manager.items('history_get');
  const uids = [...queue, ...history].map(({ item_uid: uid }) => uid);
  // Nothing is doubled, and nothing that was acknowledged is lost
  expect(uids.length, 'items are told once').toBe(new Set(uids).size);
  expect(uids, 'what was acknowledged is there').toEqual(expect.arrayContaining([...manager.acknowledged]));
  expect(await manager.insist('status')).toMatchObject({
    items_in_queue: queue.length,
    items_in_history: history.length,
    running_item_uid: null,
  });
  // Every run of the worker is one of the history, once, and ended as that says
  const runs = manager.runs();
  const claimed = history.flatMap(({ result }) => result?.run_uids ?? []);
  expect(claimed.toSorted(), 'runs are claimed once').toEqual([...runs.keys()].sort());
  for (const { result } of history) {
    const { exit_status: status, run_uids: own } = result as NonNullable<typeof result>;
    expect(Object.keys(STOPS), 'the worker lived, so the outcome is known').toContain(status);
    for (const uid of own) expect(runs.get(uid)).toBe(STOPS[status as keyof typeof STOPS]);
  }
}

describe.each(Object.entries(SCENARIOS))('%s', (_, scenario) => {
  test('and whenever the manager was killed, all agree afterwards', { timeout: 3_600_000 }, async () => {
    const total = await stepsOf(scenario);
    for (const killAt of chosen(total)) {
      await using manager = await ShakenManager.start(killAt);
      await scenario(manager);
      await manager.settle();
      try {
        await expectTruth(manager);
      } catch (error) {
        throw new Error(`killed at step ${killAt} of ${total}: ${(error as Error).message}\n${manager.diagnosis}`, {
          cause: error,
        });
      }
    }
  });
});

async function stepsOf(scenario: (manager: ShakenManager) => Promise<void>): Promise<number> {
  await using manager = await ShakenManager.start(0);
  await scenario(manager);
  await manager.settle();
  await expectTruth(manager);
  return manager.steps.length;
}

/** As many as were asked for, spread over all of them. */
function chosen(total: number): number[] {
  const all = Array.from({ length: total }, (_, index) => index + 1);
  if (ASKED === 'all') return all;
  const stride = total / Number(ASKED);
  return Array.from({ length: Number(ASKED) }, (_, index) => all[Math.floor(stride * (index + 0.5))] as number);
}
