import { describe, expect, test } from 'vitest';
import { InvalidPattern, UntranslatablePattern } from '../../../../src/lib/python-regex/pattern-translation.ts';
import { pattern } from '../../../../src/lib/python-regex/pattern.ts';

describe('a pattern of Python', () => {
  test.each<[pattern: string, found: string[], notFound: string[]]>([
    ['^det', ['det', 'det1'], ['my_det']],
    ['det$', ['my_det'], ['det1']],
    [String.raw`det\Z`, ['my_det'], ['det1']],
    ['^a{,2}$', ['', 'aa'], ['aaa', 'a{,2}']],
    ['a{', ['a{'], ['a']],
    ['a{}', ['a{}'], ['a']],
    [String.raw`^\w+\d$`, ['dét1', 'd_٣'], ['det']],
    ['(?P<kind>det|motor)_', ['det_1', 'motor_1'], ['det1']],
    ['(?i)DET', ['det'], []],
    ['(?i:D)et', ['Det', 'det'], ['dET']],
    ['det(?#a remark)1', ['det1'], ['det']],
    ['[]a]', [']', 'a'], ['b']],
    ['[[a]', ['[', 'a'], [':', ']']],
    ['[a-]', ['-'], ['b']],
    [String.raw`\u0064et\x31`, ['det1'], ['det2']],
    [String.raw`\101`, ['A'], ['a']],
    [String.raw`sim\.x`, ['sim.x'], ['sim_x']],
  ])('%s finds what Python finds', (text, found, notFound) => {
    const compiled = pattern(text);
    expect(found.filter((name) => !compiled.isIn(name))).toEqual([]);
    expect(notFound.filter((name) => compiled.isIn(name))).toEqual([]);
  });

  test.each([
    ['(?=det)', 'a lookahead'],
    ['(?!det)', 'a lookahead'],
    ['(?<=det)1', 'a lookbehind'],
    ['(?<!det)1', 'a lookbehind'],
    [String.raw`(a)\1`, 'a backreference'],
    ['(?P<n>a)(?P=n)', 'a backreference'],
    ['(?>a+)', 'an atomic group'],
    ['(a)?(?(1)b|c)', 'a conditional'],
    ['a++', 'a possessive quantifier'],
    ['(?x) a', 'the verbose flag (?x)'],
    ['(?a)a', 'the ASCII flag (?a)'],
    ['a{1001}', 'a repeat of more than 1000'],
    ['a'.repeat(2001), 'more than 2000 characters'],
  ])('%s is refused by the name of what cannot be matched in linear time', (text, construct) => {
    expect(() => pattern(text)).toThrow(UntranslatablePattern);
    expect(() => pattern(text)).toThrow(construct);
  });

  test.each([
    'a**',
    '*a',
    '^*',
    '(',
    'a)',
    '[a',
    '[z-a]',
    String.raw`[a-\d]`,
    String.raw`\q`,
    '(?P<1>a)',
    '(?<n>a)',
    'a{2,1}',
  ])('%s is refused, as Python refuses it', (text) => {
    expect(() => pattern(text)).toThrow(InvalidPattern);
  });

  test('takes time in proportion to the name, however it is nested', () => {
    const compiled = pattern('^(a+)+(a|aa)*(a*)*$');
    const began = performance.now();
    expect(compiled.isIn(`${'a'.repeat(20_000)}!`)).toBe(false);
    // A backtracking engine would need longer than the universe has had.
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
