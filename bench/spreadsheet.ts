// How long spreadsheets take to become items, and how long the event loop waits meanwhile: `node bench/spreadsheet.ts`.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { SpreadsheetReader } from '../src/spreadsheet/spreadsheet-reader.ts';
import { bomb, TYPES, workbook, zip } from '../test/support/workbooks.ts';

const HEADER = ['plan_name', 'args', 'num', 'delay', ...Array.from({ length: 6 }, (_, n) => `p${n}`)];
const rows = (count: number) => [
  HEADER,
  ...Array.from({ length: count }, (_, n) => ['count', "['det1', 'det2']", n, n / 10, n, n, n, n, n, n]),
];

const FILES = {
  '1,000 rows of 10 cells, .xlsx': workbook(rows(1000)),
  '10,000 rows of 10 cells, .xlsx': workbook(rows(10_000)),
  'a bomb of 450 MB': zip([TYPES, bomb(450)]),
  'a bomb that claims 1,000 bytes': zip([TYPES, bomb(450, 1000)]),
};

const reader = new SpreadsheetReader([]);
const read = async (bytes: Buffer): Promise<string> => {
  try {
    const about = { name: 'a.xlsx', bytes, dataType: null, user: 'bench', allowedPlans: null };
    const answer = await reader.read(about);
    return answer.type === 'plans' ? `${answer.rows.length} items` : answer.msg;
  } catch (error) {
    return (error as Error).message;
  }
};

// The first file waits for the reading process to start.
const began = performance.now();
await read(workbook(rows(1)));
console.log(`first file: ${Math.round(performance.now() - began)} ms`);
for (const [name, bytes] of Object.entries(FILES)) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const from = performance.now();
  const outcome = await read(bytes);
  const ms = performance.now() - from;
  delay.disable();
  console.log(`${name}: ${Math.round(ms)} ms, event loop at most ${Math.round(delay.max / 1e6)} ms late (${outcome})`);
}
reader.close();
