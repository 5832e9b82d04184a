import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { bundledPlans } from '../../src/worker/plans/bundled-plans.ts';
import type { DefinedPlan } from '../../src/worker/startup/define-plan.ts';
import { comparable, type PlanRecording, withoutOrderOfSets } from '../vectors/plans-recording.ts';
import { ran } from '../vectors/plans-replay.ts';
import { type GeneratedPlan, generatedPlans } from './generated-plans.ts';

/** A sample; more plans, or others: `DIFFERENTIAL_PLANS=200 DIFFERENTIAL_SEED=7 npm run test:system -- differential`. */
const PLANS = Number(process.env['DIFFERENTIAL_PLANS'] ?? 60);
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 1);

const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const PEER = fileURLToPath(new URL('peers/bluesky_plans.py', import.meta.url));

const savePath = mkdtempSync(join(tmpdir(), 'differential-'));
afterAll(() => rmSync(savePath, { recursive: true }));

/** What bluesky makes of the plans, on the devices of ophyd.sim. */
async function recordings(plans: readonly GeneratedPlan[]): Promise<PlanRecording[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const options = { maxBuffer: 1 << 30, timeout: 110_000 };
  const child = execFile(PYTHON, [PEER], options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  child.stdin?.end(JSON.stringify(plans));
  const lines = (await promise).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as PlanRecording);
}

const played = (plan: GeneratedPlan, recording: PlanRecording): Promise<PlanRecording> =>
  ran(
    {
      // In Python a plan looks at its arguments when it is run.
      *plan(devices) {
        const named: Readonly<Record<string, object>> = { ...devices };
        const bundled: Readonly<Record<string, unknown>> = bundledPlans;
        return yield* (bundled[plan.name] as DefinedPlan).bind(plan.args, plan.kwargs, (name) => named[name]);
      },
    },
    recording,
    savePath,
  );

/** What is compared: everything, but the sentence of a failure, whose words are ours. */
function compared({ messages, documents, states, outcome }: PlanRecording) {
  const withoutReasons = documents.map(([name, { reason: _reason, ...document }]) => [name, document] as const);
  return {
    messages: comparable(withoutOrderOfSets(messages)),
    documents: comparable(withoutReasons),
    states,
    outcomes: comparable(outcome.map(({ raised, ...rest }) => ({ ...rest, hasRaised: raised !== undefined }))),
  };
}

/** Where two values differ first, as a sentence; a whole comparison of so many would say nothing. */
function firstDifference(ours: unknown, theirs: unknown, path = ''): string | null {
  if (typeof ours !== 'object' || typeof theirs !== 'object' || ours === null || theirs === null) {
    return Object.is(ours, theirs) ? null : `${path}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`;
  }
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const of = (value: object): unknown => (value as Readonly<Record<string, unknown>>)[key];
    const found = firstDifference(of(ours), of(theirs), `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

test(`${PLANS} plans that were made up do the same on both engines: messages, documents and states`, async () => {
  const plans = generatedPlans(PLANS, SEED);
  const theirs = await recordings(plans);

  const differing: unknown[] = [];
  for (const [index, plan] of plans.entries()) {
    const recording = theirs[index] as PlanRecording;
    const first = firstDifference(compared(await played(plan, recording)), compared(recording));
    if (first !== null) differing.push({ plan: JSON.stringify(plan), first });
  }
  expect(differing).toEqual([]);
  expect(theirs.filter(({ outcome }) => outcome[0]?.['returned'] !== undefined).length).toBeGreaterThan(PLANS / 2);
});
