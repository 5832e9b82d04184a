import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkedList } from '../../../src/lib/chunked-list.ts';

interface Entry {
  readonly n: number;
}
const entries = (count: number, from = 0): Entry[] => Array.from({ length: count }, (_, n) => ({ n: from + n }));
const aList = (content: readonly Entry[] = []): ChunkedList<Entry> => new ChunkedList(({ n }) => String(n), content);

describe('a chunked list', () => {
  test('is the JSON array of its texts', () => {
    expect(aList().text()).toBe('[]');
    expect(aList(entries(3)).text()).toBe('[0,1,2]');
  });

  test('gives the same string until something changes', () => {
    const list = aList(entries(1000));
    const text = list.text();
    expect(list.text()).toBe(text);
    list.remove(list.at(500) as Entry);
    expect(list.text()).toBe(JSON.stringify([...list].map(({ n }) => n)));
  });

  test('counts negative indices from the back, and has nothing beyond its ends', () => {
    const list = aList(entries(600));
    expect([list.at(-1)?.n, list.at(-600)?.n, list.at(-601), list.at(600), list.at(0.5)]).toEqual([
      599,
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('does not know an entry that is equal and not the same', () => {
    const list = aList(entries(3));
    expect(list.has({ n: 1 })).toBe(false);
    expect(list.indexOf({ n: 1 })).toBe(-1);
    expect(list.remove({ n: 1 })).toBe(false);
    expect(list.size).toBe(3);
  });

  test('loses any number from its front', () => {
    const list = aList(entries(1000));
    list.removeFront(0);
    list.removeFront(300);
    expect([list.size, list.at(0)?.n]).toEqual([700, 300]);
    list.removeFront(100_000);
    expect([list.size, list.text()]).toEqual([0, '[]']);
    list.insert(0, entries(2));
    expect(list.text()).toBe('[0,1]');
  });

  test('agrees with an array, whatever is done to it', () => {
    const anAction = fc.record({
      what: fc.constantFrom('insert', 'remove', 'front', 'clear'),
      at: fc.nat(),
      count: fc.nat(700),
    });
    fc.assert(
      fc.property(fc.array(anAction, { maxLength: 40 }), (actions) => {
        const list = aList();
        let model: Entry[] = [];
        let next = 0;
        for (const { what, at, count } of actions) {
          const index = at % (model.length + 1);
          if (what === 'insert') {
            const fresh = entries(count, next);
            next += count;
            list.insert(index, fresh);
            model.splice(index, 0, ...fresh);
          } else if (what === 'remove') {
            for (const entry of model.splice(index, count)) expect(list.remove(entry)).toBe(true);
          } else if (what === 'front') {
            list.removeFront(count % 50);
            model.splice(0, count % 50);
          } else if (count === 0) {
            list.clear();
            model = [];
          }
          expect(list.size).toBe(model.length);
          const entry = model[index];
          if (entry) expect([list.at(index), list.indexOf(entry)]).toEqual([entry, index]);
        }
        expect(JSON.parse(list.text())).toEqual(model.map(({ n }) => n));
      }),
      { numRuns: 150 },
    );
  });

  test('splits and joins its chunks, so that 100,000 entries are found in microseconds', () => {
    const list = aList(entries(100_000));
    const found = Array.from({ length: 1000 }, (_, n) => list.at((n * 7919) % 100_000) as Entry);
    const begun = performance.now();
    for (const entry of found) {
      list.remove(entry);
      list.insert(entry.n, [entry]);
    }
    expect(performance.now() - begun).toBeLessThan(200);
    expect(list.indexOf(list.at(77_777) as Entry)).toBe(77_777);
    for (const entry of [...list].filter(({ n }) => n % 100 > 0)) list.remove(entry);
    expect(list.text()).toBe(JSON.stringify(entries(1000).map(({ n }) => n * 100)));
  });
});
