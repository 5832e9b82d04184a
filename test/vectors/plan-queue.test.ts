import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlanQueueReplay } from './plan-queue-replay.ts';
import type { RecordedStep } from './plan-queue-replay.ts';
import { casesOf } from './recorded.ts';

const groups = [
  'add', 'execution', 'history', 'loop', 'mixed', 'move', 'move-batch', 'remove', 'replace', 'scripted',
]; // prettier-ignore
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-queue-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Sequences of operations as recorded from bluesky-queueserver 0.0.25 (BSD-3-Clause) on Redis; replayed on SQLite. */
describe.each(groups)('plan-queue/%s', (group) => {
  test.each(casesOf<{ id: string; steps: RecordedStep[] }>('plan-queue', group))('$id', async ({ id, steps }) => {
    const replay = new PlanQueueReplay(join(folder, `${id}.sqlite`));
    await replay.open();
    try {
      for (const [number, step] of steps.entries()) await replay.step(step, `step ${number}: ${step.op}`);
    } finally {
      await replay.close();
    }
    expect(replay.compared).toBeGreaterThan(0);
  });
});
