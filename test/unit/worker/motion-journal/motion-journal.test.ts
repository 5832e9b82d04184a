import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MemoryBackend } from '../../../../src/worker/devices/signal/memory-backend.ts';
import { MotionJournal } from '../../../../src/worker/motion-journal/motion-journal.ts';
import { recoverMotions } from '../../../../src/worker/motion-journal/recovery.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'));
  file = join(dir, 'motions.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true }));

const motion = { stop: 'M.STOP', setpoint: 'M.VAL', done: 'M.DMOV', value: 2 };

/** A motor record as far as its three PVs. */
function beamline({ done, setpoint }: { done: number; setpoint: number }) {
  const number = (name: string, value: number) =>
    new MemoryBackend(`sim://${name}`, value, { dtype: 'number', shape: [], isWritable: true });
  const pvs: Record<string, MemoryBackend> = {
    'ca://M.STOP': number('stop', 0),
    'ca://M.VAL': number('val', setpoint),
    'ca://M.DMOV': number('dmov', done),
  };
  return {
    stopWritten: async () => (await pvs['ca://M.STOP']?.get())?.value === 1,
    backend(source: string) {
      const pv = pvs[source];
      if (pv === undefined) throw new Error(`${source}: not connected within 3 s`);
      return pv;
    },
  };
}

const journal = () => new MotionJournal(file, (sentence) => expect.fail(sentence));

test('a motion is on file when begin returns', () => {
  journal().begin(motion);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ motion: 1, ...motion });
});

test('what a dead worker left moving is stopped, once', async () => {
  journal().begin(motion);
  const record = beamline({ done: 0, setpoint: 2 });

  expect(await recoverMotions(file, record)).toEqual({ type: 'motion_recovered', stopped: ['M.VAL'], left: [] });
  expect(await record.stopWritten()).toBe(true);
  expect(await recoverMotions(file, record)).toBeNull();
});

test.each([
  ['does not move', { done: 1, setpoint: 2 }, 'it does not move'],
  ['has another set-point', { done: 0, setpoint: 3 }, 'its set-point is 3 and not ours (2)'],
])('a motor that %s is left alone, and the report says why', async (_what, state, why) => {
  journal().begin(motion);
  const record = beamline(state);

  const report = await recoverMotions(file, record);

  expect(report).toMatchObject({ stopped: [], left: [{ pv: 'M.VAL', why: expect.stringContaining(why) }] });
  expect(await record.stopWritten()).toBe(false);
});

test('an entry older than ten minutes is left alone: someone else may be driving', async () => {
  writeFileSync(file, `${JSON.stringify({ motion: 1, ...motion, at: Date.now() / 1000 - 601 })}\n`);
  const record = beamline({ done: 0, setpoint: 2 });

  expect(await recoverMotions(file, record)).toMatchObject({
    left: [{ why: expect.stringContaining('someone else may be driving') }],
  });
  expect(await record.stopWritten()).toBe(false);
});

test('a motor that does not answer is told, and holds nothing up', async () => {
  journal().begin({ ...motion, done: 'AWAY.DMOV' });
  expect(await recoverMotions(file, beamline({ done: 0, setpoint: 2 }))).toMatchObject({
    left: [{ pv: 'M.VAL', why: 'ca://AWAY.DMOV: not connected within 3 s' }],
  });
});

test('a motion that ended, and a torn line, are nothing to look at', async () => {
  const kept = journal();
  kept.begin(motion)();
  appendFileSync(file, '{"motion":2,"stop":"M.ST');

  expect(await recoverMotions(file, beamline({ done: 0, setpoint: 2 }))).toBeNull();
});

test('of several targets of one motor the last one counts', async () => {
  const kept = journal();
  kept.begin({ ...motion, value: 1 });
  kept.begin(motion);

  expect(await recoverMotions(file, beamline({ done: 0, setpoint: 2 }))).toMatchObject({ stopped: ['M.VAL'] });
});

test('a worker that ends in order leaves no file, and the file of a busy one does not grow without end', () => {
  const kept = journal();
  for (let at = 0; at < 2000; at++) kept.begin(motion)();
  expect(readFileSync(file, 'utf8').length).toBeLessThan(100 * 1024);

  kept.clear();
  expect(existsSync(file)).toBe(false);
});
