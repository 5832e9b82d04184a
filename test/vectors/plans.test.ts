import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { schemaErrors } from '../support/event-model/validate.ts';
import { accepted, type AcceptedDifference } from './accepted-differences.ts';
import { comparable, planRecordings, withoutOrderOfSets, type PlanRecording } from './plans-recording.ts';
import { ran } from './plans-replay.ts';
import { scenarios } from './plans-scenarios.ts';

const savePath = mkdtempSync(join(tmpdir(), 'beamgate-vectors-'));
afterAll(() => rmSync(savePath, { recursive: true }));

/** Recorded while bluesky 1.15 ran plans on ophyd.sim (bluesky, ophyd: BSD-3-Clause, Brookhaven National Laboratory). */
const recordings = planRecordings();

test('each recording has a scenario, and each scenario a recording', () => {
  expect(Object.keys(scenarios).sort()).toEqual(recordings.map(({ name }) => name).sort());
});

describe('plans on simulated devices do what bluesky did:', () => {
  test.each(recordings.map((recording) => [recording.name, recording] as const))('%s', async (name, recording) => {
    const declared = scenarios[name];
    if (!declared) throw new Error(`no scenario for ${name}`);
    const scenario = typeof declared === 'function' ? { plan: declared } : declared;
    const cut = CUTS[accepted('plans', name)?.what ?? 'nothing'];

    const run = await ran(scenario, recording, savePath);
    const ours = cut(run);
    const theirs = cut(recording);

    expect(comparable(withoutOrderOfSets(ours.messages)), 'messages').toEqual(
      comparable(withoutOrderOfSets(theirs.messages)),
    );
    expect(comparable(ours.documents), 'documents').toEqual(comparable(theirs.documents));
    expect(ours.states, 'states').toEqual(theirs.states);
    expect(comparable(ours.outcome), 'outcome').toEqual(comparable(theirs.outcome));
    expect(run.documents.flatMap(([name, document]) => schemaErrors(name, document))).toEqual([]);
  });
});

type Cut = (run: PlanRecording) => PlanRecording;

/** What is taken out of both before they are compared. */
const CUTS: Record<AcceptedDifference['what'] | 'nothing', Cut> = {
  nothing: (run) => run,
  everything: (run) => ({ ...run, messages: [], documents: [], states: [], outcome: [] }),
  documents: (run) => ({ ...run, documents: [] }),
  'reason of the stop document': (run) => withDocuments(run, ({ reason: _reason, ...stop }) => stop),
  'sleep messages': (run) => ({ ...run, messages: run.messages.filter(({ command }) => command !== 'sleep') }),
  'events of monitors': (run) => {
    const isMonitor = (name: unknown): boolean => /^m1$|_monitor$/.test(String(name));
    const descriptor = run.documents.find(([, document]) => isMonitor(document['name']));
    const uid = descriptor?.[1]['uid'];
    const documents = run.documents.filter(([, document]) => document['descriptor'] !== uid);
    return withDocuments({ ...run, documents }, (document) => withoutCounts(document, isMonitor));
  },
  'number of interruptions': (run) =>
    withDocuments(run, (document) => withoutCounts(document, (name) => name === 'interruptions')),
  'shapes and texts of arrays': (run) => without(['shape', 'plan_args'], run),
};

const withoutCounts = (document: Record<string, unknown>, isCut: (stream: string) => boolean) => {
  const counts = document['num_events'] as Record<string, number> | undefined;
  if (!counts) return document;
  return { ...document, num_events: Object.fromEntries(Object.entries(counts).filter(([name]) => !isCut(name))) };
};

const without = (keys: readonly string[], run: PlanRecording): PlanRecording =>
  JSON.parse(JSON.stringify(run, (key, value: unknown) => (keys.includes(key) ? undefined : value))) as PlanRecording;

const withDocuments = (
  run: PlanRecording,
  change: (document: Record<string, unknown>) => Record<string, unknown>,
): PlanRecording => ({ ...run, documents: run.documents.map(([name, document]) => [name, change(document)]) });
