import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../support/epics/free-port.ts';
import { FakeManager } from '../support/fake-manager.ts';
import { WorkerPlace } from '../support/worker-process.ts';

const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const PEER = fileURLToPath(new URL('peers/bluesky_documents.py', import.meta.url));

interface PlanItem {
  name: string;
  args?: unknown[];
  kwargs?: Record<string, unknown>;
}
interface Verdict {
  runs: string[][];
  plans: string[];
  faults: string[];
}

/** Plans that bluesky and its simulated devices run the same way, down to the noise. */
const COMPARED: PlanItem[] = [
  { name: 'count', args: [['det1', 'det2']], kwargs: { num: 3 } },
  { name: 'scan', args: [['det1'], 'motor1', -1, 1, 5] },
  { name: 'grid_scan', args: [['det4'], 'motor1', -1.5, 1.5, 3, 'motor2', -0.5, 0.5, 2], kwargs: { snake_axes: true } },
  { name: 'list_scan', args: [['det2'], 'motor2', [0.5, 1.5, 2.5]] },
  { name: 'log_scan', args: [['det1'], 'motor1', -1, 1, 4] },
];

const SESSION: PlanItem[] = [
  ...COMPARED,
  { name: 'count', args: [['img']], kwargs: { num: 2 } },
  { name: 'count', args: [['direct_img']] },
  { name: 'count', args: [['ab_det', 'bool_sig', 'sig', 'invariant1']] },
  { name: 'count', args: [['noisy_det', 'rand']], kwargs: { num: 2 } },
  { name: 'rel_scan', args: [['det1'], 'motor1', -1, 1, 3] },
  { name: 'list_grid_scan', args: [['det1'], 'motor1', [1, 2], 'motor2', [3, 4]] },
  { name: 'inner_product_scan', args: [['det1'], 3, 'motor1', 0, 1, 'motor2', 0, 2] },
  { name: 'spiral', args: [['det4'], 'motor1', 'motor2', 0, 0, 1, 1, 0.5, 3] },
  { name: 'spiral_fermat', args: [['det4'], 'motor1', 'motor2', 0, 0, 1, 1, 0.5, 1] },
  { name: 'spiral_square', args: [['det4'], 'motor1', 'motor2', 0, 0, 1, 1, 3, 3] },
  { name: 'adaptive_scan', args: [['det1'], 'det1', 'motor1', -1, 1, 0.1, 1, 0.5, true] },
  { name: 'tune_centroid', args: [['det1'], 'det1', 'motor1', -1, 1, 0.1] },
  { name: 'x2x_scan', args: [['det1'], 'motor1', 'motor2', -1, 1, 3] },
  { name: 'fly', args: [['flyer1']] },
  { name: 'sim_multirun_plan_nested', kwargs: { npts: 2, delay: 0 } },
];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bluesky-documents-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** bluesky's RemoteDispatcher in a process of its own; it ends after so many runs. */
async function remoteDispatcher(address: string, runs: number) {
  const child = spawn(PYTHON, [PEER, 'remote', folder, address, String(runs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('listening');
  return {
    verdict: async () => JSON.parse(String((await lines.next()).value)) as Verdict,
    [Symbol.asyncDispose]: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** What the RemoteDispatcher hears while our worker runs these plans. */
async function session(items: PlanItem[], runs: number): Promise<Verdict> {
  const address = `tcp://127.0.0.1:${await freePort()}`;
  using place = new WorkerPlace({ documents: { bind: address, proxy: null, prefix: '', encoding: 'pickle' } });
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await using dispatcher = await remoteDispatcher(address, runs);
  await manager.openEnvironment();
  for (const item of items) expect(await manager.run(item)).toMatchObject({ msg: '', exit_status: 'completed' });
  return await dispatcher.verdict(); // before everything that is used here is gone
}

/** What the queue and the profile say of a run beside what bluesky says. */
const OURS_ALONE = new Set(['metadata_key', 'versions', 'queue_item_uid', 'user', 'user_group']);

/**
 * The lines of each file of the suitcase, without what differs on purpose: uids and times, who asked, the last digits of
 * numpy's functions, and the `integer` that ophyd makes of a parameter that stands at a whole number.
 */
function files(): Record<string, unknown[]> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, linesOf(readFileSync(join(folder, name), 'utf8'))]));
}

function linesOf(text: string): unknown[] {
  const uids = new Map<string, string>();
  const numbered = text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uid) => {
      if (!uids.has(uid)) uids.set(uid, `uid-${uids.size}`);
      return uids.get(uid) as string;
    })
    .replaceAll(/\b1\d{9}\.\d+/g, '0');
  return numbered
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line, comparable) as unknown);
}

function comparable(key: string, value: unknown): unknown {
  if (OURS_ALONE.has(key)) return undefined;
  if (key === 'dtype' && value === 'integer') return 'number';
  return typeof value === 'number' ? Number(value.toPrecision(12)) : value;
}

test("bluesky's RemoteDispatcher hears a session of 20 plans, and event-model finds no fault in it", async () => {
  const verdict = await session(SESSION, SESSION.length + 1);

  expect(verdict.faults).toEqual([]);
  expect(new Set(verdict.plans).size).toBeGreaterThan(15);
  for (const names of verdict.runs) expect([names[0], names.at(-1)]).toEqual(['start', 'stop']);
});

test("a suitcase writes the same files from our documents as from bluesky's", async () => {
  const { faults } = await session(COMPARED, COMPARED.length);
  const ours = files();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  await promisify(execFile)(PYTHON, [PEER, 'local', folder, JSON.stringify(COMPARED)]);
  const theirs = files();

  expect(faults).toEqual([]);
  expect(Object.keys(ours)).toHaveLength(COMPARED.length);
  expect(ours).toEqual(theirs);
});
