import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DocumentName, documentText } from '../../../../src/documents/document-line.ts';
import { RunFiles } from '../../../../src/documents/run-files.ts';
import { DocumentRecorder } from '../../../../src/worker/documents-out/document-recorder.ts';

test('documents of two open runs each go into the file of their own run', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'recorder-'));
  const files = new RunFiles(dir, (sentence) => expect.fail(sentence));
  const recorder = new DocumentRecorder(files);
  const write = (name: DocumentName, document: Record<string, unknown>): void =>
    recorder.write(name, document, documentText(document));

  for (const run of ['one', 'two']) write('start', { uid: run, time: 0 });
  for (const run of ['one', 'two']) {
    write('descriptor', { uid: `${run}-d`, run_start: run, time: 1 });
    write('resource', { uid: `${run}-r`, run_start: run });
    write('stream_resource', { uid: `${run}-s`, run_start: run });
  }
  for (const run of ['two', 'one']) {
    write('datum', { datum_id: `${run}-r/1`, resource: `${run}-r` });
    write('stream_datum', { uid: 'x', stream_resource: `${run}-s`, descriptor: `${run}-d` });
    write('event', { uid: 'e', descriptor: `${run}-d`, time: 2 });
    write('stop', { uid: 'z', run_start: run, time: 3 });
  }
  write('event', { uid: 'late', descriptor: 'one-d', time: 4 });
  await files.close();

  const names = (run: string): string[] =>
    readFileSync(join(dir, '1970-01-01', `${run}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)[0]);
  const kinds = ['start', 'descriptor', 'resource', 'stream_resource', 'datum', 'stream_datum', 'event', 'stop'];
  expect(readdirSync(join(dir, '1970-01-01')).sort()).toEqual(['one.jsonl', 'two.jsonl']);
  expect(names('one')).toEqual(kinds);
  expect(names('two')).toEqual(kinds);
  rmSync(dir, { recursive: true });
});
