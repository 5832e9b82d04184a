import { setImmediate } from 'node:timers/promises';

const SLICE = 250;

/**
 * Goes through a long list without keeping the process from anything else for long: after each slice other events get
 * their turn. A list shorter than a slice is done at once.
 */
export async function eachInSlices<T>(list: readonly T[], run: (entry: T, index: number) => void): Promise<void> {
  let index = 0;
  for (const entry of list) {
    if (index > 0 && index % SLICE === 0) await setImmediate();
    run(entry, index++);
  }
}

export async function mapInSlices<T, R>(list: readonly T[], by: (entry: T) => R): Promise<R[]> {
  const results: R[] = [];
  await eachInSlices(list, (entry) => results.push(by(entry)));
  return results;
}
