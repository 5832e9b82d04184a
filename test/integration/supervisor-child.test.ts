import { describe, expect, test } from 'vitest';
import { Child } from '../../src/supervisor/child.ts';
import { isAlive, livingRecord, startTicks } from '../../src/supervisor/child-record.ts';
import { aChildPlan, aFolder, ChildDiary } from '../support/supervised.ts';

const recordOf = (child: Child) => ({ pid: child.pid as number, startTicks: startTicks(child.pid as number) });

describe('a supervised process', () => {
  test('is ready when it says so, and its announcement is known', async () => {
    using folder = aFolder();
    const child = new Child(aChildPlan(folder.path, 'obedient'), new ChildDiary());

    await child.start();

    expect(child.state).toBe('ready');
    expect(child.announced).toMatchObject({ port: 4711 });
    await child.stop('the test is over');
  });

  test('is asked to end, and is gone when stop returns', async () => {
    using folder = aFolder();
    const child = new Child(aChildPlan(folder.path, 'obedient'), new ChildDiary());
    await child.start();
    const record = recordOf(child);

    await child.stop('the test is over');

    expect(child.state).toBe('stopped');
    expect(isAlive(record)).toBe(false);
  });

  test('is killed when it does not listen', async () => {
    using folder = aFolder();
    const child = new Child(aChildPlan(folder.path, 'deaf', { stopWithinMs: 100 }), new ChildDiary());
    await child.start();
    const record = recordOf(child);

    await child.stop('the test is over');

    expect(isAlive(record)).toBe(false);
  });

  test('that never becomes ready fails the start with its own last words', async () => {
    using folder = aFolder();
    const child = new Child(aChildPlan(folder.path, 'never-ready'), new ChildDiary());

    await expect(child.start()).rejects.toThrow('the motor rack is switched off');
    expect(child.state).toBe('failed');
  });

  test('comes back by itself after kill -9', async () => {
    using folder = aFolder();
    const diary = new ChildDiary();
    const child = new Child(aChildPlan(folder.path, 'obedient'), diary);
    await child.start();
    const first = child.pid as number;

    process.kill(first, 'SIGKILL');
    await diary.until((states) => states.filter((state) => state === 'ready').length === 2);

    expect(child.pid).not.toBe(first);
    expect(child.restarts).toBe(1);
    await child.stop('the test is over');
  });

  test('with exit code 0 is renewed where that means so', async () => {
    using folder = aFolder();
    const diary = new ChildDiary();
    const child = new Child(aChildPlan(folder.path, 'ends-by-itself', { onExitZero: 'renew' }), diary);
    await child.start();

    process.kill(child.pid as number, 'SIGUSR2');
    await diary.until((states) => states.filter((state) => state === 'ready').length === 2);

    await child.stop('the test is over');
  });

  test('with exit code 0 stays away where that means it was asked to end', async () => {
    using folder = aFolder();
    const diary = new ChildDiary();
    const child = new Child(aChildPlan(folder.path, 'ends-by-itself', { onExitZero: 'end' }), diary);
    await child.start();

    process.kill(child.pid as number, 'SIGUSR2');
    await diary.until((states) => states.includes('ended'));

    expect(child.state).toBe('ended');
  });

  test('that outlived its supervisor is adopted, and watched until it ends', async () => {
    // Given a process of a supervisor that is gone
    using folder = aFolder();
    const plan = aChildPlan(folder.path, 'obedient', { isAdoptable: true });
    const earlier = new Child(plan, new ChildDiary());
    await earlier.start();
    const { pid } = earlier;

    // When another one starts
    const diary = new ChildDiary();
    const later = new Child(plan, diary);
    await later.start();

    // Then it has the same process, with what that had announced, and stops it
    expect(later.pid).toBe(pid);
    expect(later.announced).toMatchObject({ port: 4711 });
    await later.stop('the test is over');
    expect(livingRecord(folder.path, plan.name)).toBeNull();
    await earlier.stop('the test is over');
  });

  test('that may not be adopted is replaced', async () => {
    using folder = aFolder();
    const plan = aChildPlan(folder.path, 'ends-by-itself', { onExitZero: 'end' });
    const earlier = new Child(plan, new ChildDiary());
    await earlier.start();
    const record = recordOf(earlier);

    const later = new Child(plan, new ChildDiary());
    await later.start();

    expect(isAlive(record)).toBe(false);
    expect(later.pid).not.toBe(record.pid);
    await later.stop('the test is over');
    await earlier.stop('the test is over');
  });
});
