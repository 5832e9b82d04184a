import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pattern } from '../../../../src/lib/python-regex/pattern.ts';
import { CodedError } from '../../../../src/protocol/error-codes.ts';
import { isMeant } from '../../../../src/protocol/names/device-names.ts';
import { namePattern } from '../../../../src/protocol/names/name-pattern.ts';

test('any text at all is a pattern, or refused with a code', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '?',
    '*',
    '+',
    '|',
    '^',
    '$',
    '\\',
    '-',
    ',',
    ':',
    '?P<',
    'a',
    '1',
    '_',
    'é',
    '.',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, fc.string(), (written, name) => {
      try {
        namePattern(written);
      } catch (error) {
        expect(error).toBeInstanceOf(CodedError);
        return;
      }
      for (const { text: part } of namePattern(written).components) {
        if (namePattern(written).usesPatterns) expect(typeof pattern(part).isIn(name)).toBe('boolean');
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['m1', ['m1'], ['m10', 'm1.x']],
  ['__MOTOR__:^m\\d$', ['m1', 'm2'], ['det', 'm1.x']],
  [':^stage$:^[xy]$', ['stage', 'stage.x'], ['stage.z', 'other.x']],
  [':-^stage$:^[xy]$', ['stage.y'], ['stage']],
  [':?sim.*x$:depth=2', ['sim.x'], ['sim.a.x', 'sim']],
])('the entry %s takes %o and nothing like %o, whatever devices there are', (entry, taken, others) => {
  expect(taken.filter((name) => !isMeant(name, namePattern(entry)))).toEqual([]);
  expect(others.filter((name) => isMeant(name, namePattern(entry)))).toEqual([]);
});
