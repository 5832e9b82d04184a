import { isDeepStrictEqual } from 'node:util';
import type { ManagerStatus } from '../../src/protocol/status.ts';
import type { ManagerPlace } from '../support/manager-process.ts';
import { Likeness } from './transcript-likeness.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Step {
  readonly request?: { method: string; params?: Json };
  /** The request as it was recorded, numbers as they were written. */
  readonly requestText?: string;
  readonly frame?: { readonly text?: string; readonly hex?: string };
  readonly action?: string;
  readonly reply?: Json;
  readonly wait?: string;
  readonly status_changes?: Record<string, Json>;
  readonly end?: string;
}

export interface Transcript {
  readonly id: string;
  readonly options: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly initial_status: Record<string, Json>;
  readonly steps: readonly Step[];
  readonly python_only?: boolean;
}

/** One difference between what was recorded and what happened. */
export interface Difference {
  readonly step: number;
  readonly what: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Plays a recorded conversation with a manager. Waits of the recorder become waits for the same state. */
export async function replay(transcript: Transcript, manager: ManagerPlace): Promise<Difference[]> {
  const differences: Difference[] = [];
  const likeness = new Likeness();
  let before = await settled(manager);
  const initial = likeness.difference(transcript.initial_status, asJson(before));
  if (initial) differences.push({ step: -1, what: 'initial status', ...initial });

  for (const [index, step] of transcript.steps.entries()) {
    const said = `${index} ${JSON.stringify(step.request ?? step.frame ?? step.action)}`;
    // What ends the manager ends its worker: no other comes.
    if (step.end !== undefined) manager.stopRenewing();
    const reply = await perform(step, manager, likeness);
    if (step.reply !== undefined && step.reply !== null) {
      const differs = likeness.difference(step.reply, reply);
      if (differs) differences.push({ step: index, what: `reply to ${said}`, ...differs });
    }
    if (step.end !== undefined) {
      const exit = await manager.managerExit();
      if (exit !== 0) differences.push({ step: index, what: `end after ${said}`, expected: 0, got: exit });
      continue;
    }
    await waited(step, manager);
    await expectedSeen(step, manager, before);
    if (step.status_changes === undefined) continue;
    const after = step.wait === 'settle' ? await settled(manager) : await manager.status();
    const changes = changed(asJson(before), asJson(after));
    const expected = isSecondStart(step) ? only(step.status_changes, changes) : step.status_changes;
    const differs = likeness.difference(expected, changes);
    if (differs) differences.push({ step: index, what: `status after ${said}`, ...differs });
    before = after;
  }
  return differences;
}

async function perform(step: Step, manager: ManagerPlace, likeness: Likeness): Promise<Json> {
  if (step.action !== undefined) {
    await manager.startAgain();
    return null;
  }
  if (step.request?.method === 'manager_kill' && step.request.params === undefined) {
    // The original blocks itself for ever and is killed by its watchdog; ours dies at once. A supervisor starts it again.
    manager.sendOnly(step.requestText ?? '');
    await manager.managerExit();
    await manager.startManager();
    return null;
  }
  const frame = step.frame ?? { text: likeness.real(step.requestText ?? '') };
  const bytes = frame.hex === undefined ? (frame.text ?? '') : Buffer.from(frame.hex, 'hex');
  const reply = await manager.send(bytes);
  return reply === null ? null : withoutOurs(JSON.parse(reply) as Json);
}

/** After a second start the recording has the whole status: what is as before is then no change to us. */
const isSecondStart = (step: Step): boolean => step.action !== undefined;
const only = (expected: Record<string, Json>, got: Record<string, Json>): Record<string, Json> =>
  Object.fromEntries(Object.entries(expected).filter(([key]) => key in got));

async function waited({ wait }: Step, manager: ManagerPlace): Promise<void> {
  if (wait === 'running' || wait === 'back-running') {
    await manager.until(({ manager_state: state, re_state }) => state === 'executing_queue' && re_state === 'running');
    await manager.untilQuiet(QUIET_MS);
  }
  if (wait === 'task') await manager.until(({ manager_state: state }) => state === 'executing_task');
  if (wait === 'background') await manager.until(({ worker_background_tasks: tasks }) => tasks > 0);
  if (wait === 'closed') {
    await manager.until((now) => now.manager_state === 'idle' && !now.worker_environment_exists);
  }
}

/** The recorder looked at what runs after some tenths of a second; by then more had changed than that it runs. */
async function expectedSeen({ wait, status_changes: changes }: Step, manager: ManagerPlace, before: ManagerStatus) {
  if (changes === undefined || (wait !== 'running' && wait !== 'task')) return;
  const names = Object.keys(changes) as (keyof ManagerStatus)[];
  // Plans that pass quickly must be over, and the run of the one that stays be open.
  if (wait === 'running') {
    await manager.until((now) => now.items_in_queue === (changes['items_in_queue'] ?? now.items_in_queue), 5000);
    await manager.untilRunIsOpen();
    // The run that is open may still be that of the plan before: then more is about to be told.
    await manager.untilQuiet(QUIET_MS);
    await manager.untilRunIsOpen();
  }
  const hasAll = (now: ManagerStatus): boolean => names.every((name) => !isDeepStrictEqual(now[name], before[name]));
  await manager.until(hasAll, 2000).catch(() => undefined);
}

/** Nothing moves any more: idle or paused, nothing in the background, and two looks a moment apart are alike. */
async function settled(manager: ManagerPlace): Promise<ManagerStatus> {
  for (;;) {
    await manager.until(isAtRest, 60_000);
    const { status_uid: uid } = await manager.status();
    await manager.untilQuiet(QUIET_MS);
    const later = await manager.status();
    if (later.status_uid === uid && isAtRest(later)) return later;
  }
}

const isAtRest = ({ manager_state: state, worker_background_tasks: tasks }: ManagerStatus): boolean =>
  (state === 'idle' || state === 'paused') && tasks === 0;

const QUIET_MS = 60;

/** Never in a recording of changes: the time, the UID that changes with anything, and what the original has not. */
const OURS = ['queue_finished', 'store_trouble'];
const UNRECORDED = new Set(['time', 'status_uid', 'msg', ...OURS]);

function changed(before: Record<string, Json>, after: Record<string, Json>): Record<string, Json> {
  const entries = Object.entries(after).filter(
    ([key, value]) => !UNRECORDED.has(key) && JSON.stringify(value) !== JSON.stringify(before[key]),
  );
  return Object.fromEntries(entries);
}

/** A status, or any other reply, as the original could have given it. */
const withoutOurs = (reply: Json): Json =>
  typeof reply !== 'object' || reply === null || Array.isArray(reply)
    ? reply
    : Object.fromEntries(Object.entries(reply).filter(([key]) => !OURS.includes(key)));

const asJson = (status: ManagerStatus): Record<string, Json> => withoutOurs(status) as Record<string, Json>;
