import type { SyncOrAsync } from '../devices/protocols.ts';

/**
 * Devices answer at once or by a promise. What answers at once must not cost a turn of the event loop: a scan of
 * simulated or cached devices runs ten times faster when nothing is awaited that need not be.
 */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** Goes on with the value: now when it is there, later when it is promised. */
export function whenReady<T, R>(value: SyncOrAsync<T>, next: (value: T) => SyncOrAsync<R>): SyncOrAsync<R> {
  return isPromise(value) ? later(value, next) : next(value);
}

const later = async <T, R>(value: Promise<T>, next: (value: T) => SyncOrAsync<R>): Promise<R> => next(await value);

/** All of them, in their order; a promise only if one of them is. */
export function allReady<T>(values: SyncOrAsync<T>[]): SyncOrAsync<T[]> {
  return values.some(isPromise) ? Promise.all(values) : (values as T[]);
}

/** Everything that an iterable gives, synchronous or not. */
export function collected<T>(items: Iterable<T> | AsyncIterable<T>): SyncOrAsync<T[]> {
  if (Symbol.asyncIterator in items) return Array.fromAsync(items);
  return [...items];
}
