import type { ManagerSettings } from '../../config/process-settings.ts';
import type { ExistingLists } from '../existing-lists/existing-lists.ts';
import type { Log } from '../log.ts';
import { OpenLists, saveExistingLists } from '../resources/lists-on-disk.ts';
import type { Resources } from '../resources/resources.ts';

type Settings = Pick<
  ManagerSettings,
  'data_dir' | 'existing_plans_devices_file' | 'startup_profile' | 'update_existing_plans_devices'
>;

/** Takes over the lists that a worker describes, and writes them where they are looked for without a worker. */
export class ListsKeeper {
  readonly #settings: Settings;
  readonly #resources: Resources;
  readonly #log: Log;
  readonly #open: OpenLists;
  #writing: Promise<void> = Promise.resolve();

  constructor(settings: Settings, resources: Resources, log: Log) {
    this.#settings = settings;
    this.#resources = resources;
    this.#log = log;
    this.#open = new OpenLists(settings.data_dir);
  }

  async changed({ plans, devices }: ExistingLists, workerUid: string, isOpening: boolean): Promise<void> {
    const lists = { plans, devices };
    await this.#open.remember(workerUid, lists);
    this.#resources.setExisting(lists);
    const { update_existing_plans_devices: option } = this.#settings;
    if (option === 'ALWAYS' || (option === 'ENVIRONMENT_OPEN' && isOpening)) this.#write(lists);
  }

  recall(workerUid: string): Promise<ExistingLists | null> {
    return this.#open.recall(workerUid);
  }

  get written(): Promise<void> {
    return this.#writing;
  }

  /** Nobody waits for the file: what it says is known. */
  #write(lists: ExistingLists): void {
    this.#writing = this.#writing
      .then(() => saveExistingLists(this.#settings, lists))
      .catch((error: Error) => this.#log.error(error.message));
  }
}
