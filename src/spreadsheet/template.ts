import { utils, write } from 'xlsx';
import type { PlanDescriptions } from '../protocol/descriptions.ts';
import { BY_KEYWORD } from './keywords.ts';
import { LIMITS } from './limits.ts';

/**
 * A workbook to fill in: the first sheet is a header in the default format with an argument of these plans in each column, those
 * first that most plans take; the second says what each plan takes. Uploaded as it is, it queues nothing.
 */
export function template(plansText: string): Uint8Array<ArrayBuffer> {
  const plans = JSON.parse(plansText) as PlanDescriptions;
  const book = utils.book_new();
  utils.book_append_sheet(book, sheetOf([['plan_name', 'args', ...keywords(plans)]]), 'plans');
  utils.book_append_sheet(book, sheetOf([REFERENCE_HEADER, ...referenceRows(plans)]), 'allowed plans');
  const bytes = write(book, { type: 'array', bookType: 'xlsx', compression: true }) as ArrayBuffer;
  return new Uint8Array(bytes);
}

/** Of names that differ in capitals alone one is left out: a header must not hold both. */
function keywords(plans: PlanDescriptions): string[] {
  const uses = new Map<string, number>();
  for (const { parameters } of Object.values(plans)) {
    const named = parameters.filter(({ kind }) => BY_KEYWORD.has(kind.name));
    for (const { name } of named) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const names = [...uses].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
  const distinct = new Map(names.map((name) => [name.toLowerCase(), name]));
  return [...distinct.values()].slice(0, LIMITS.columns - 2);
}

const REFERENCE_HEADER = ['plan', 'parameter', 'kind', 'type', 'default', 'min', 'max', 'description'];

function referenceRows(plans: PlanDescriptions): string[][] {
  return Object.values(plans).flatMap((plan) => [
    [plan.name, '', '', '', '', '', '', text(plan.description)],
    ...plan.parameters.map((parameter) => [
      plan.name,
      parameter.name,
      parameter.kind.name,
      text(parameter.annotation?.type),
      text(parameter.default),
      text(parameter.min),
      text(parameter.max),
      text(parameter.description),
    ]),
  ]);
}

const text = (value = ''): string => value.slice(0, LIMITS.cellText);

function sheetOf(rows: string[][]) {
  const sheet = utils.aoa_to_sheet(rows);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  sheet['!cols'] = widths.map((width) => ({ wch: Math.min(Math.max(width + 2, 8), 60) }));
  return sheet;
}
