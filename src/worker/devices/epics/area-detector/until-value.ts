import type { Readings } from '../../protocols.ts';
import type { SignalRO } from '../../signal/signal-ro.ts';

/** Resolves once the signal has such a value. @throws Error naming the signal and its last value after `seconds` */
export async function untilValue<T>(
  signal: SignalRO<T>,
  isWanted: (value: T) => boolean,
  seconds: number,
): Promise<void> {
  const reached = Promise.withResolvers<void>();
  let last: unknown = 'nothing';
  const listener = (readings: Readings): void => {
    last = readings[signal.name]?.value;
    if (isWanted(last as T)) reached.resolve(); // what a signal's type says of its readings
  };
  const timer = setTimeout(
    () => reached.reject(new Error(`${signal.source} did not change within ${seconds} s: it is ${String(last)}`)),
    seconds * 1000,
  );
  const stopListening = signal.onDisconnect((why) => reached.reject(new Error(`${signal.source} was lost: ${why}`)));
  signal.subscribe(listener);
  try {
    await reached.promise;
  } finally {
    clearTimeout(timer);
    stopListening();
    signal.clearSub(listener);
  }
}
