import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ManagerSettings } from '../../config/process-settings.ts';
import { readExistingLists, writeExistingLists } from '../existing-lists/existing-lists.ts';
import type { ExistingLists, LoadedLists } from '../existing-lists/existing-lists.ts';
import simLists from '../existing-lists/sim-lists.json' with { type: 'json' };

type Place = Pick<ManagerSettings, 'existing_plans_devices_file' | 'startup_profile'>;

/** What is known before an environment was opened: from the file, else what comes with us. */
export async function loadExistingLists(place: Place): Promise<LoadedLists> {
  const { existing_plans_devices_file: file } = place;
  if (file !== null && existsSync(file)) return await readExistingLists(file);
  return place.startup_profile === 'sim' ? { ...simLists, problem: null } : { plans: {}, devices: {}, problem: null };
}

/** Writes the lists where the next start, and the original, read them; not when they stand there already. */
export async function saveExistingLists(place: Place, lists: ExistingLists): Promise<void> {
  const { existing_plans_devices_file: file } = place;
  if (file === null) return;
  if (existsSync(file)) {
    const { problem, ...before } = await readExistingLists(file);
    if (problem === null && isDeepStrictEqual(before, plain(lists))) return;
  }
  await writeExistingLists(file, lists);
}

const plain = ({ plans, devices }: ExistingLists): unknown => JSON.parse(JSON.stringify({ plans, devices }));

/**
 * The lists of the environment that is open, by its worker process: reports are told once, so a manager that comes back
 * while the environment is open has them from here.
 */
export class OpenLists {
  readonly #file: string;

  constructor(dataDir: string) {
    this.#file = join(dataDir, 'open-environment.json');
  }

  async remember(workerUid: string, { plans, devices }: ExistingLists): Promise<void> {
    const draft = `${this.#file}.new`;
    await writeFile(draft, JSON.stringify({ worker_uid: workerUid, plans, devices }), { mode: 0o600 });
    await rename(draft, this.#file);
  }

  /** null when they are another worker's. */
  async recall(workerUid: string): Promise<ExistingLists | null> {
    try {
      const text = await readFile(this.#file, 'utf8');
      const { worker_uid: uid, ...lists } = JSON.parse(text) as ExistingLists & { worker_uid: string };
      return uid === workerUid ? lists : null;
    } catch {
      return null; // Never written, or garbled: the next environment brings its lists.
    }
  }
}
