import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ManagerSettings } from '../../src/config/process-settings.ts';
import { elements, members } from '../../src/lib/raw-json.ts';
import { ManagerPlace } from '../support/manager-process.ts';
import { replay } from './transcript-replay.ts';
import type { Transcript } from './transcript-replay.ts';

const folder = join(process.env['BEAMGATE_VECTORS'] ?? '../shared/vectors', 'transcripts');

const transcripts = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name !== 'status-fields.json' && !name.startsWith('stream-'))
  .map((name) => transcriptIn(readFileSync(join(folder, name), 'utf8')))
  .filter(({ python_only: isPython }) => isPython !== true);

test('there are recordings to replay', () => {
  expect(transcripts.length).toBeGreaterThan(60);
});

/** Where we differ on purpose, or can only differ, and why. */
const ACCEPTED: readonly (readonly [id: string, steps: readonly number[], why: string])[] = [
  ['environment-opening', [9], 'the worker tells its state at once, not at the next look half a second later'],
  ['function-background', [7], 'the first item is taken at once: it has left the queue before the next request comes'],
  ['environment-destroy-running', [3], 'a run of a worker that was destroyed is no open run: the list is emptied'],
  ['environment-destroy-running', [4, 5, 7], 'the result names the run that was open'],
  ['permissions-environment', [1, 6], 'permissions are judged by the manager: no task in the worker is needed'],
  ['permissions-queue-left', [2], 'as above'],
  ['function-fails', [12], 'a function in TypeScript takes more arguments than it declares'],
  [
    'test-user-group',
    [7, 8],
    'a device that the group may not use is refused by name; the plan does not stumble over a text',
  ],
  ['bad-item-at-run', [12], 'positions that are no numbers are refused in our words, not in those of numpy'],
  // To be mended where it belongs; each line goes when its cause does.
];

const isAccepted = (id: string, step: number): boolean =>
  ACCEPTED.some(([other, steps]) => other === id && steps.includes(step));

describe.concurrent('a conversation goes as with the original', () => {
  test.each(transcripts)('$id', async (transcript) => {
    await using manager = await ManagerPlace.start(settingsOf(transcript), transcript.environment);
    const differences = await replay(transcript, manager);
    expect(differences.filter(({ step }) => !isAccepted(transcript.id, step))).toEqual([]);
  });
});

function transcriptIn(text: string): Transcript {
  const transcript = JSON.parse(text) as Transcript;
  const steps = elements(members(text).get('steps') ?? '[]').map((step) => members(step).get('request'));
  return {
    ...transcript,
    steps: transcript.steps.map((step, index) => ({ ...step, requestText: steps[index] ?? '' })),
  };
}

function settingsOf({ options }: Transcript): Partial<ManagerSettings> {
  // The original answers manager_kill and manager_test always.
  if (options.length === 0) return { testing: true };
  if (options[0] === '--user-group-permissions-reload') {
    const reload = options[1] as ManagerSettings['user_group_permissions_reload'];
    return { testing: true, user_group_permissions_reload: reload };
  }
  throw new Error(`unknown options of a recording: ${options.join(' ')}`);
}
