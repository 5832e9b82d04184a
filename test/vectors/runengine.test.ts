import { describe, expect, test } from 'vitest';
import { schemaErrors } from '../support/event-model/validate.ts';
import { accepted } from './accepted-differences.ts';
import { comparable, recordings, type RecordedDocument } from './runengine-recording.ts';
import { Replayer } from './runengine-replay.ts';

/** Recorded while bluesky 1.14's own tests ran (bluesky, ophyd, event-model: BSD-3-Clause, Brookhaven National Laboratory). */
describe('the RunEngine, given what bluesky was given,', () => {
  test.each(recordings().map((recording) => [recording.name, recording] as const))(
    'does the same: %s',
    async (name, recording) => {
      const difference = accepted('runengine', name)?.what;

      const replayer = new Replayer(recording);
      await replayer.replay();

      expect(replayer.messages, 'messages, those of rewinds and suspensions included').toEqual(
        recording.messages.map(({ command }) => command),
      );
      if (difference === 'everything' || difference === 'documents') return;
      const without = difference === undefined ? (all: RecordedDocument[]) => all : withoutReason;
      expect(comparable(without(replayer.documents))).toEqual(comparable(without(recording.documents)));
      const theirs = new Set(faultsOf(recording.documents));
      expect(faultsOf(replayer.documents).filter((fault) => !theirs.has(fault))).toEqual([]);
    },
  );
});

/** What event-model has against documents: for ours nothing but what some devices of bluesky's tests put into them. */
const faultsOf = (documents: readonly RecordedDocument[]): string[] =>
  documents.flatMap(([name, document]) => schemaErrors(name, document));

const withoutReason = (documents: readonly RecordedDocument[]): RecordedDocument[] =>
  documents.map(([name, document]) => [name, name === 'stop' ? { ...document, reason: '' } : document]);
