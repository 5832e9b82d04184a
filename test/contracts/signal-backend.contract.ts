import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/worker/devices/protocols.ts';
import type { SignalBackend } from '../../src/worker/devices/signal/backend.ts';

export interface BackendSubject {
  /** A new backend of the source, not yet connected. */
  open(source: 'number' | 'enum' | 'read-only'): SignalBackend;
}

/**
 * What every source of a signal must do. The subject has a number that takes 0 to 10 (units mm, precision 3), an enum
 * with the states Closed and Open, and a number that cannot be written. `open` prepares them anew for each test.
 */
export function signalBackendContract(
  name: string,
  around: (body: (subject: BackendSubject) => Promise<void>) => Promise<void>,
  { hasReadOnly = true }: { hasReadOnly?: boolean } = {},
): void {
  const using = (source: Parameters<BackendSubject['open']>[0], body: (backend: SignalBackend) => Promise<void>) =>
    around(async (subject) => {
      const backend = subject.open(source);
      try {
        await backend.connect(5);
        await body(backend);
      } finally {
        backend.close();
      }
    });

  describe(`a signal backend on ${name}`, () => {
    test('knows after connecting what it is', () =>
      using('number', async (backend) => {
        expect(backend.isConnected).toBe(true);
        expect(backend.facts()).toMatchObject({
          dtype: 'number',
          shape: [],
          isWritable: true,
          units: 'mm',
          precision: 3,
        });
        expect(backend.source).toMatch(/^[a-z]+:\/\/./);
      }));

    test('gives back what was put, with a time of now and no alarm', () =>
      using('number', async (backend) => {
        await backend.put(2.5, { wait: true });

        const reading = await backend.get();
        expect(reading).toMatchObject({ value: 2.5, alarm_severity: 0 });
        expect(Math.abs(reading.timestamp - Date.now() / 1000)).toBeLessThan(60);
      }));

    test('tells the present value at once, then each change, until the listening ends', () =>
      using('number', async (backend) => {
        await backend.put(1, { wait: true });
        const seen: Reading[] = [];
        const told = { at: Promise.withResolvers<void>(), count: 0 };
        const end = backend.subscribe((reading) => {
          seen.push(reading);
          if (seen.length === 2) told.at.resolve();
        });
        await expect.poll(() => seen.length).toBe(1);

        await backend.put(3, { wait: true });
        await told.at.promise;
        end();
        await backend.put(4, { wait: true });
        await backend.get();

        expect(seen.map(({ value }) => value)).toEqual([1, 3]);
      }));

    test("an enum's value is the text of its state, and takes it", () =>
      using('enum', async (backend) => {
        expect(backend.facts()).toMatchObject({ dtype: 'string', choices: ['Closed', 'Open'] });
        await backend.put('Open', { wait: true });
        expect((await backend.get()).value).toBe('Open');
        await expect(backend.put('Ajar', { wait: true })).rejects.toThrow('Ajar');
        expect((await backend.get()).value).toBe('Open');
      }));

    // A subject without such a source has nothing to show here: the test is not declared, rather than skipped.
    if (hasReadOnly) {
      test('refuses to write what cannot be written, by a rejection', () =>
        using('read-only', async (backend) => {
          expect(backend.facts().isWritable).toBe(false);
          await expect(backend.put(1, { wait: true })).rejects.toThrow(/access/i);
        }));
    }

    test('a value of the wrong kind is refused, and changes nothing', () =>
      using('number', async (backend) => {
        await backend.put(1, { wait: true });
        await expect(backend.put('fast', { wait: true })).rejects.toThrow();
        expect((await backend.get()).value).toBe(1);
      }));
  });
}
