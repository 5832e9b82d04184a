import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { documentLine, type DocumentName, documentText } from '../../../src/documents/document-line.ts';
import { documentsOf, documentValue } from '../../../src/documents/documents-of.ts';
import { RunFiles } from '../../../src/documents/run-files.ts';
import { findRun, runPath } from '../../../src/documents/run-path.ts';

let dir: string;
const failures: string[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'run-files-'));
  failures.length = 0;
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const TIME = Date.UTC(2026, 0, 31, 23, 59) / 1000;
const start = { uid: 'run-1', time: TIME };

function written(files: RunFiles, ...documents: [DocumentName, object][]): void {
  for (const [name, document] of documents)
    files.write('run-1', name, documentLine(name, documentText(document)), TIME);
}

async function readAll(path: string, from = 0): Promise<unknown[]> {
  const documents: unknown[] = [];
  for await (const one of documentsOf(path, from)) documents.push([one.name, documentValue(one)]);
  return documents;
}

test('a run is one file in the folder of its day, one document a line, in the order of emission', async () => {
  const files = new RunFiles(dir, (sentence) => failures.push(sentence));

  written(files, ['start', start], ['event', { seq_num: 1 }], ['stop', { exit_status: 'success' }]);
  await files.close();

  const text = await readFile(join(dir, '2026-01-31', 'run-1.jsonl'), 'utf8');
  expect(text).toBe(
    `["start",{"uid":"run-1","time":${TIME}}]\n["event",{"seq_num":1}]\n["stop",{"exit_status":"success"}]\n`,
  );
  expect(failures).toEqual([]);
});

test('an open run is on disk within a second, although nothing closed it', async () => {
  const files = new RunFiles(dir, (sentence) => failures.push(sentence));
  written(files, ['start', start], ['event', { seq_num: 1 }]);

  const path = join(dir, runPath('run-1', TIME));
  await expect.poll(() => readAll(path).catch(() => []), { interval: 10, timeout: 1000 }).toHaveLength(2);

  await files.close();
});

test('numbers that JSON has no word for come back as they were', async () => {
  const files = new RunFiles(dir, (sentence) => failures.push(sentence));
  const data = { nan: Number.NaN, up: Infinity, down: -Infinity, array: Float64Array.of(1.5, Number.NaN), text: 'NaN' };

  written(files, ['start', start], ['event', { data }], ['event', { data: { large: 2n ** 63n } }], ['stop', {}]);
  await files.close();

  const path = join(dir, runPath('run-1', TIME));
  expect((await readAll(path))[1]).toEqual(['event', { data: { ...data, array: [1.5, Number.NaN] } }]);
  expect(await readFile(path, 'utf8')).toContain('{"large":9223372036854775808}');
});

test('a torn last line is left out, and reading goes on from it once it is whole', async () => {
  const path = join(dir, 'torn.jsonl');
  await writeFile(path, '["start",{"uid":"ü"}]\n["event",{"seq_num"');
  const before = await Array.fromAsync(documentsOf(path));
  await appendFile(path, ':1}]\n');

  expect(before.map((one) => one.name)).toEqual(['start']);
  expect(await readAll(path, before.at(-1)?.next)).toEqual([['event', { seq_num: 1 }]]);
});

test('a damaged line in the middle is an error that names the file', async () => {
  const path = join(dir, 'damaged.jsonl');
  await writeFile(path, '["start",{}]\n\0\0\0\n["stop",{}]\n');

  await expect(readAll(path)).rejects.toThrow(path);
});

test('a folder that cannot be written is told once in a sentence, and nothing is thrown', async () => {
  const blocked = join(dir, 'file');
  await writeFile(blocked, '');
  const files = new RunFiles(blocked, (sentence) => failures.push(sentence));

  written(files, ['start', start], ['event', { seq_num: 1 }], ['stop', {}]);
  await files.close();

  expect(failures).toEqual([expect.stringContaining('incomplete: ENOTDIR')]);
});

test('a uid that would leave the folder gets no file', async () => {
  const files = new RunFiles(dir, (sentence) => failures.push(sentence));

  files.write('../evil', 'start', documentLine('start', documentText({})), TIME);
  await files.close();

  expect(failures).toEqual([expect.stringContaining("received '../evil'")]);
  expect(await findRun(dir, '../evil')).toBeNull();
});

test('a run is found by its uid alone', async () => {
  const files = new RunFiles(dir, (sentence) => failures.push(sentence));
  written(files, ['start', start], ['stop', {}]);
  await files.close();

  expect(await findRun(dir, 'run-1')).toBe(join(dir, '2026-01-31', 'run-1.jsonl'));
  expect(await findRun(dir, 'run-2')).toBeNull();
});

test('a source that emits faster than the disk is told to wait, and let go when the disk has caught up', async () => {
  const files = new RunFiles(dir, (sentence) => failures.push(sentence));
  written(files, ['start', start]);
  expect(files.settled()).toBeUndefined();

  const line = documentLine('event', documentText({ data: 'x'.repeat(1_000_000) }));
  for (let at = 0; at < 10; at++) files.write('run-1', 'event', line, TIME);

  await files.settled();
  expect(files.settled()).toBeUndefined();
  await files.close();
});
