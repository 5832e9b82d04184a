import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayOf } from '../../../src/documents/run-path.ts';
import { endUnfinishedRuns } from '../../../src/documents/unfinished-runs.ts';
import { schemaErrors } from '../../support/event-model/validate.ts';

const REASON = 'a power cut';
const START = '["start",{"uid":"run","time":1.5}]\n';
const DESCRIPTOR =
  '["descriptor",{"uid":"d","run_start":"run","name":"primary","time":2.5,"data_keys":{}}]\n' +
  '["descriptor",{"uid":"b","run_start":"run","name":"baseline","time":2.5,"data_keys":{}}]\n';
const event = (number: number): string => `["event",{"descriptor":"d","seq_num":${number},"data":{"x":NaN}}]\n`;
const STOP = '["stop",{"run_start":"run","exit_status":"success"}]\n';

let dir: string;
let file: string;
const today = dayOf(Date.now() / 1000);
const mend = () => endUnfinishedRuns(join(dir, 'runs'), join(dir, 'note'), REASON);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'unfinished-'));
  mkdirSync(join(dir, 'runs', today), { recursive: true });
  file = join(dir, 'runs', today, 'run.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a torn last line is cut, and a stop document counts what is there', async () => {
  const whole = START + DESCRIPTOR + event(1) + event(2) + event(2);
  writeFileSync(file, `${whole}["event",{"descriptor":"d","seq_n`);

  expect(await mend()).toEqual({ ended: [file], left: [] });

  const text = readFileSync(file, 'utf8');
  expect(text.startsWith(whole)).toBe(true);
  const [name, stop] = JSON.parse(text.slice(whole.length)) as [string, object];
  expect(name).toBe('stop');
  expect(stop).toMatchObject({
    run_start: 'run',
    exit_status: 'fail',
    reason: REASON,
    num_events: { primary: 2, baseline: 0 },
  });
  expect(schemaErrors('stop', stop)).toEqual([]);
  expect(await mend()).toEqual({ ended: [], left: [] });
});

test('pages and frames in files count by their last number', async () => {
  const page = '["event_page",{"descriptor":"d","seq_num":[1,2,3],"data":{}}]\n';
  const frames = '["stream_datum",{"descriptor":"b","seq_nums":{"start":1,"stop":5}}]\n';
  writeFileSync(file, START + DESCRIPTOR + page + frames);

  await mend();

  const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  expect(JSON.parse(last)[1]).toMatchObject({ num_events: { primary: 3, baseline: 4 } });
});

test('a run that has ended is left alone', async () => {
  writeFileSync(file, START + STOP);
  expect(await mend()).toEqual({ ended: [], left: [] });
  expect(readFileSync(file, 'utf8')).toBe(START + STOP);
});

test('what is no run, or is damaged, is left as it is, and named', async () => {
  const damaged = `${START}\0\0\0\n`;
  writeFileSync(file, damaged);
  writeFileSync(join(dir, 'runs', today, 'torn.jsonl'), '["start",{"uid":');

  const { ended, left } = await mend();

  expect(ended).toEqual([]);
  expect(left.toSorted()).toEqual([
    expect.stringMatching(/run\.jsonl.*damaged/),
    expect.stringMatching(/torn\.jsonl.*no start/),
  ]);
  expect(readFileSync(file, 'utf8')).toBe(damaged);
});

test('what was not written to since the last time is not looked at again', async () => {
  await mend();
  writeFileSync(file, START);
  const before = (Date.now() - 60_000) / 1000;
  utimesSync(file, before, before);
  expect(await mend()).toEqual({ ended: [], left: [] });

  appendFileSync(file, event(1));
  expect(await mend()).toEqual({ ended: [file], left: [] });
});

test('a beamline without any run yet has nothing to end', async () => {
  rmSync(join(dir, 'runs'), { recursive: true });
  expect(await mend()).toEqual({ ended: [], left: [] });
});
