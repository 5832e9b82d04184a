import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { contentOf, partsOf, storedArchive } from '../../../src/spreadsheet/archive.ts';
import { RefusedFile } from '../../../src/spreadsheet/refused-file.ts';
import { bomb, zip } from '../../support/workbooks.ts';

const contents = (archive: Buffer) => partsOf(archive).map((part) => [part.name, contentOf(archive, part).toString()]);

describe('an archive', () => {
  test('is unpacked, and what is stored anew reads the same', () => {
    const packed = zip([
      { name: 'a.xml', content: Buffer.from('<a/>') },
      { name: 'b/c.xml', content: Buffer.from('ü'.repeat(1000)) },
    ]);
    const stored = storedArchive(new Map(partsOf(packed).map((part) => [part.name, contentOf(packed, part)])));
    expect(contents(stored)).toEqual(contents(packed));
    expect(partsOf(stored).every(({ method }) => method === 0)).toBe(true);
  });

  test('that claims too much is refused before anything is unpacked', () => {
    expect(() => partsOf(zip([bomb(1, 300e6)]))).toThrow('unpacks to 300000000 bytes');
  });

  test('whose parts claim too much together is refused', () => {
    const half = 40e6;
    expect(() => partsOf(zip([bomb(1, half), bomb(1, half)]))).toThrow('unpacks to 80000000 bytes');
  });

  test('is given up where a part goes on beyond what it claims', () => {
    const lying = zip([bomb(50, 1000)]);
    const [part] = partsOf(lying);
    expect(() => contentOf(lying, part as NonNullable<typeof part>)).toThrow('more than the 1000 bytes that it claims');
  });

  test('with too many parts is refused', () => {
    const parts = Array.from({ length: 2001 }, (_, n) => ({ name: `${n}`, content: Buffer.from('') }));
    expect(() => partsOf(zip(parts))).toThrow('The file holds 2001 files, more than 2000');
  });

  test('that is torn, or no archive at all, is refused and ends nothing', () => {
    const whole = zip([{ name: 'a.xml', content: Buffer.from('<a/>'.repeat(100)) }]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;
        readOrRefused(damaged);
        readOrRefused(whole.subarray(0, at));
      }),
    );
  });
});

function readOrRefused(bytes: Buffer): void {
  try {
    contents(bytes);
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
  }
}
