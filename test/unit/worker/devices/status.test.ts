import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { both, DeviceStatus, InvalidState, StatusTimeoutError } from '../../../../src/worker/devices/status.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a status', () => {
  test('is neither done nor successful until its device says so', () => {
    const status = new DeviceStatus();
    expect([status.done, status.success, status.exception()]).toEqual([false, false, undefined]);
    status.setFinished();
    expect([status.done, status.success, status.exception()]).toEqual([true, true, undefined]);
  });

  test('that failed is done, not successful, and knows why', () => {
    const why = new Error('limit switch');
    const status = DeviceStatus.failed(why);
    expect([status.done, status.success, status.exception()]).toEqual([true, false, why]);
  });

  test('is decided once: a second word is refused', () => {
    const status = DeviceStatus.finished();
    expect(() => status.setFinished()).toThrow(InvalidState);
    expect(() => status.setException(new Error('late'))).toThrow(InvalidState);
    expect(status.success).toBe(true);
  });

  test('cannot be decided again while its success settles', () => {
    const status = new DeviceStatus({ settleTime: 1 });
    status.setFinished();
    expect(() => status.setException(new Error('second word'))).toThrow(InvalidState);
  });

  test('calls back in order when it ends, and at once when it has already ended', () => {
    const heard: string[] = [];
    const status = new DeviceStatus();
    status.addCallback(() => heard.push('first'));
    status.addCallback(() => heard.push('second'));
    status.setFinished();
    status.addCallback((one) => heard.push(one === status ? 'late, with the status' : 'wrong'));
    expect(heard).toEqual(['first', 'second', 'late, with the status']);
  });

  test('lets no callback that throws keep the next from hearing', () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const status = new DeviceStatus();
    const next = vi.fn();
    status.addCallback(() => {
      throw new Error('bad listener');
    });
    status.addCallback(next);
    status.setFinished();
    expect(next).toHaveBeenCalledOnce();
    expect(warning).toHaveBeenCalledOnce();
    warning.mockRestore();
  });

  test('fails by itself after time-out and settle time together', () => {
    const status = new DeviceStatus({ of: 'm1', timeout: 2, settleTime: 1 });
    vi.advanceTimersByTime(2_999);
    expect(status.done).toBe(false);
    vi.advanceTimersByTime(1);
    expect(status.exception()).toBeInstanceOf(StatusTimeoutError);
    expect(status.exception()?.message).toBe('m1 did not end within 2 s');
  });

  test('ignores one late word after its time-out, and refuses the next', () => {
    const status = new DeviceStatus({ timeout: 1 });
    vi.advanceTimersByTime(1_000);
    status.setFinished();
    expect(status.success).toBe(false);
    expect(() => status.setFinished()).toThrow(InvalidState);
  });

  test('does not time out once it was decided in time', () => {
    const status = new DeviceStatus({ timeout: 1, settleTime: 5 });
    vi.advanceTimersByTime(5_900);
    status.setFinished();
    vi.advanceTimersByTime(4_999);
    expect(status.done).toBe(false);
    vi.advanceTimersByTime(1);
    expect(status.success).toBe(true);
  });

  test('holds back a success by its settle time, a failure never', () => {
    const good = new DeviceStatus({ settleTime: 1 });
    const bad = new DeviceStatus({ settleTime: 1 });
    good.setFinished();
    bad.setException(new Error('stalled'));
    expect([good.done, bad.done]).toEqual([false, true]);
    vi.advanceTimersByTime(1_000);
    expect(good.success).toBe(true);
  });

  test('offers a promise that resolves or rejects with its end', async () => {
    const good = new DeviceStatus();
    const promised = good.finished;
    good.setFinished();
    await expect(promised).resolves.toBeUndefined();
    await expect(DeviceStatus.failed(new Error('stalled')).finished).rejects.toThrow('stalled');
  });

  test('raises no unhandled rejection when nobody awaits its failure', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const status = new DeviceStatus();
    void status.finished;
    status.setException(new Error('unheard'));
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('tells its progress to watchers, the latest at once to one who comes late', () => {
    const early = vi.fn();
    const late = vi.fn();
    const status = new DeviceStatus();
    status.watch(early);
    status.progress({ name: 'm1', current: 0.5, initial: 0, target: 1, fraction: 0.5 });
    status.watch(late);
    status.setFinished();
    status.progress({ current: 1 });
    expect(early.mock.calls).toEqual([[{ name: 'm1', current: 0.5, initial: 0, target: 1, fraction: 0.5 }]]);
    expect(late.mock.calls).toEqual(early.mock.calls);
  });
});

describe('two statuses together', () => {
  test('are done when both are', () => {
    const [one, other] = [new DeviceStatus(), new DeviceStatus()];
    const joined = one.and(other);
    one.setFinished();
    expect(joined.done).toBe(false);
    other.setFinished();
    expect(joined.success).toBe(true);
  });

  test('fail with the first failure, without waiting for the other', () => {
    const [one, other] = [new DeviceStatus(), new DeviceStatus()];
    const joined = both(one, other);
    other.setException(new Error('first'));
    expect(joined.exception()?.message).toBe('first');
    one.setException(new Error('second'));
    expect(joined.exception()?.message).toBe('first');
  });

  test('are done at once when both already were', () => {
    expect(both(DeviceStatus.finished(), DeviceStatus.finished()).success).toBe(true);
    expect(both(DeviceStatus.finished(), DeviceStatus.failed(new Error('no'))).success).toBe(false);
  });
});
