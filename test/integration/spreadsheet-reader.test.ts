import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ReadingProcess } from '../../src/spreadsheet/reading-process.ts';
import { SpreadsheetReader } from '../../src/spreadsheet/spreadsheet-reader.ts';

const file = (text: string) => ({
  name: 'a.csv',
  bytes: Buffer.from(text),
  dataType: null,
  user: 'x',
  allowedPlans: null,
});
const request = { type: 'read' as const, fileName: 'a.csv', dataType: null, user: 'x', allowedPlans: null };
const CSV = 'plan,args\ncount,1\n';

function moduleFile(source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mapping-'));
  const path = join(folder, 'mapping.mjs');
  writeFileSync(path, source);
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

test('a file that takes too long is given up, and the next one is read by a new process', async () => {
  using endless = moduleFile(
    'let isFirst = true; export function spreadsheetToPlanList({ fileName }) { for (; fileName === "slow.csv"; ); return []; }',
  );
  const reading = new ReadingProcess([endless.path], 3000);
  const bytes = () => new Uint8Array(Buffer.from(CSV));

  const slow = await reading.ask({ ...request, fileName: 'slow.csv', bytes: bytes() });
  const next = await reading.ask({ ...request, bytes: bytes() });

  expect(slow).toEqual({ type: 'refused', kind: 'too-large', msg: 'The file was not read within 3 s' });
  expect(next).toMatchObject({ type: 'plans', items: '[]' });
  reading.close();
});

test('a file that takes too much memory is refused, and the next one is read', async () => {
  using greedy = moduleFile(`export function spreadsheetToPlanList({ fileName }) {
    if (fileName === 'big.csv') Array(1e8).fill(0);
    return null;
  }`);
  const reader = new SpreadsheetReader([greedy.path]);

  await expect(reader.read({ ...file(CSV), name: 'big.csv' })).rejects.toMatchObject({ code: 'SPREADSHEET_TOO_LARGE' });

  expect(await reader.read(file(CSV))).toMatchObject({ items: '[{"name":"count","item_type":"plan","args":[1]}]' });
  reader.close();
});

test('many files at once are read in turn, and each gets its own answer', async () => {
  const reader = new SpreadsheetReader([]);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => reader.read(file(`plan,args\ncount,${n}\n`))));
  expect(answers.map((answer) => 'items' in answer && JSON.parse(answer.items)[0].args)).toEqual(
    answers.map((_, n) => [n]),
  );
  reader.close();
});

test('more uploads at a time than may be are told to come again', async () => {
  const reader = new SpreadsheetReader([]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const uploads = Array.from({ length: 8 }, () => reader.admit(() => promise));

  await expect(reader.admit(() => promise)).rejects.toMatchObject({ code: 'SPREADSHEETS_BUSY' });

  resolve();
  await Promise.all(uploads);
  expect(await reader.admit(() => Promise.resolve('read'))).toBe('read');
});

test('a module that cannot be loaded is named in the refusal of the file', async () => {
  using broken = moduleFile('export const = ;');
  const reader = new SpreadsheetReader([broken.path]);
  const answer = await reader.read(file(CSV));
  expect(answer).toMatchObject({ type: 'unreadable', msg: expect.stringContaining(broken.path) });
  reader.close();
});
