import { describe, expect, test } from 'vitest';
import type { PlanDescriptions } from '../../../src/protocol/descriptions.ts';
import { planItems } from '../../../src/spreadsheet/plan-items.ts';
import { Problems } from '../../../src/spreadsheet/problems.ts';
import { RefusedCell } from '../../../src/spreadsheet/table.ts';
import type { Cell } from '../../../src/spreadsheet/table.ts';

function read(rows: readonly (readonly Cell[])[], allowed: PlanDescriptions | null = null) {
  const [header = [], ...others] = rows;
  const problems = new Problems('s');
  const { items } = planItems(
    {
      sheet: 's',
      header: { number: 1, cells: header },
      rows: others.map((cells, index) => ({ number: index + 2, cells })),
    },
    problems,
    allowed,
  );
  return { items, problems: problems.kept.map(({ row, column, msg }) => `${column}${row} ${msg}`) };
}

describe('the default format', () => {
  test('keeps floats floats and great integers whole, on their way as text', () => {
    const { items } = read([
      ['plan', 'args', 'x'],
      ['count', '1.0, 9223372036854775808', '[1e3]'],
    ]);
    expect(items).toEqual([
      '{"name":"count","item_type":"plan","args":[1.0,9223372036854775808],"kwargs":{"x":[1000.0]}}',
    ]);
  });

  test('evaluates nothing', () => {
    const { items, problems } = read([
      ['plan', 'args', 'x'],
      ['count', null, "__import__('os').system('true')"],
    ]);
    expect(items).toEqual([]);
    expect(problems[0]).toMatch(/^C2 .* is not a literal \(texts need quotation marks\)/);
  });

  test('does not let a cell close the bracket that is put around it', () => {
    const { problems } = read([
      ['plan', 'args'],
      ['count', '1], [2'],
    ]);
    expect(problems).toEqual(["B2 '1], [2' is no list of literals between commas"]);
  });

  test('passes over a row without a name, whatever else is in it', () => {
    const { items, problems } = read([['plan', 'args'], [null, 'nonsense'], ['count'], [new RefusedCell('a date')]]);
    expect(items).toHaveLength(1);
    expect(problems).toEqual(['A4 a date']);
  });

  test('tells every problem of a row', () => {
    const { problems } = read([['plan', 'args', 'x', 'X'], ['5', 'a', '{1}', 2], ['count']]);
    expect(problems.map((problem) => problem.slice(0, 2))).toEqual(['D1', 'A2', 'B2', 'C2']);
  });

  test('holds names of plans and arguments against the allowed ones, when it is asked to', () => {
    const parameter = (name: string, kind: string) => ({ name, kind: { name: kind, value: 0 } });
    const plan = (name: string, ...parameters: ReturnType<typeof parameter>[]) => ({
      name,
      properties: { is_generator: true },
      parameters,
    });
    const allowed = {
      count: plan('count', parameter('num', 'POSITIONAL_OR_KEYWORD')),
      mv: plan('mv', parameter('args', 'VAR_POSITIONAL'), parameter('kwargs', 'VAR_KEYWORD')),
    };
    const { problems } = read([['plan', 'args', 'num'], ['count', null, 1], ['mv', null, 1], ['other']], allowed);
    expect(problems).toEqual(["A4 Plan 'other' is not in the list of allowed plans"]);
    expect(
      read(
        [
          ['plan', 'args', 'delay'],
          ['count', null, 1],
        ],
        allowed,
      ).problems,
    ).toEqual(["C2 Plan 'count' has no argument 'delay'"]);
  });
});

test('of very many problems a thousand are kept, and all are counted', () => {
  const problems = new Problems(null);
  for (let row = 1; row <= 1500; row++) problems.add(row, 27, 'x');
  expect([problems.kept.length, problems.count]).toEqual([1000, 1500]);
  expect(problems.kept[0]?.column).toBe('AB');
});
