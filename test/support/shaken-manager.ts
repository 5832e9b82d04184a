import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ManagerStatus } from '../../src/protocol/status.ts';
import { ManagerPlace } from './manager-process.ts';
import type { Reply } from './manager-process.ts';

const SEAM = new URL('kill-seam.ts', import.meta.url).href;
const WITHIN_MS = 30_000;

export interface QueuedItem {
  readonly item_uid: string;
  readonly result?: { readonly exit_status: string; readonly run_uids: readonly string[] };
}

/**
 * A manager that dies once, at the n-th of its steps, and a client that goes on with it: what was asked when it died has
 * no reply, and is asked again only where that does no harm. The worker lives on.
 */
export class ShakenManager implements AsyncDisposable {
  /** UIDs of items whose addition was acknowledged, and not their removal. */
  readonly acknowledged = new Set<string>();
  readonly #place: ManagerPlace;
  readonly #folder: string;
  #told: Promise<void> | undefined;

  private constructor(place: ManagerPlace, folder: string) {
    this.#place = place;
    this.#folder = folder;
  }

  /** With `killAt` 0 it never dies. */
  static async start(killAt: number): Promise<ShakenManager> {
    const folder = mkdtempSync(join(tmpdir(), 'seam-'));
    const environment = {
      NODE_OPTIONS: `--import ${SEAM}`,
      KILL_SEAM_FOLDER: folder,
      KILL_SEAM_AT: String(killAt),
    };
    return new ShakenManager(await ManagerPlace.start({}, environment), folder);
  }

  /** What the manager did so far, one line a step; of a manager that never dies. */
  get steps(): string[] {
    return readFileSync(join(this.#folder, 'steps'), 'utf8').trimEnd().split('\n');
  }

  get hasDied(): boolean {
    return existsSync(join(this.#folder, 'killed'));
  }

  get diagnosis(): string {
    const where = this.hasDied ? readFileSync(join(this.#folder, 'killed'), 'utf8') : 'nowhere';
    return `it died ${where}\n${this.#place.output}`;
  }

  /** One request; undefined when the manager died over it, and nobody knows whether it took effect. */
  async ask(method: string, params: object = {}): Promise<Reply | undefined> {
    const died = this.#place.managerExit().then(() => undefined);
    const reply = await Promise.race([this.#place.call(method, params).catch(() => undefined), died]);
    if (reply === undefined) await this.#restart();
    return reply;
  }

  /** A request that may as well be carried out twice. */
  async insist(method: string, params: object = {}): Promise<Reply> {
    return (await this.ask(method, params)) ?? (await this.ask(method, params)) ?? { success: false, msg: 'it died' };
  }

  async add(name: string, args: unknown[] = [], kwargs: object = {}, item_type = 'plan'): Promise<string | undefined> {
    return await this.#added('queue_item_add', { item: { item_type, name, args, kwargs } });
  }

  async execute(name: string, args: unknown[]): Promise<string | undefined> {
    return await this.#added('queue_item_execute', { item: { item_type: 'plan', name, args } });
  }

  async addBatch(items: readonly object[]): Promise<string[]> {
    const reply = await this.ask('queue_item_add_batch', { items, user: 'Ann', user_group: 'primary' });
    const uids = ((reply?.['items'] ?? []) as QueuedItem[]).map(({ item_uid: uid }) => uid);
    for (const uid of uids) this.acknowledged.add(uid);
    return uids;
  }

  /** Asks for something that takes items away, whether or not a reply comes. */
  async takeAway(uids: readonly string[], method: string, params: object): Promise<void> {
    for (const uid of uids) this.acknowledged.delete(uid);
    await this.ask(method, params);
  }

  async until(isSo: (status: ManagerStatus) => boolean): Promise<ManagerStatus> {
    const deadline = performance.now() + WITHIN_MS;
    while (performance.now() < deadline) {
      const status = (await this.insist('status')) as unknown as ManagerStatus;
      if (isSo(status)) return status;
      this.#told ??= this.#place.untilTold().finally(() => (this.#told = undefined));
      await Promise.race([this.#told, this.#place.managerExit()]);
    }
    throw new Error(`not within ${WITHIN_MS} ms: ${JSON.stringify(await this.ask('status'))}\n${this.diagnosis}`);
  }

  /** Until nothing runs: what is paused goes on, and nothing more is started by itself. */
  async settle(): Promise<void> {
    await this.insist('queue_autostart', { enable: false });
    await this.insist('queue_mode_set', { mode: { loop: false } });
    for (;;) {
      const { manager_state: state } = await this.until(({ manager_state: now }) => now === 'idle' || now === 'paused');
      if (state === 'idle') return;
      await this.insist('re_resume');
    }
  }

  async items(method: 'queue_get' | 'history_get'): Promise<QueuedItem[]> {
    return (await this.insist(method))['items'] as QueuedItem[];
  }

  /** How each run ended, by its UID, as its file tells. */
  runs(): Map<string, string> {
    const files = globSync(join(this.#place.workers.settings.runs_dir, '*', '*.jsonl'));
    return new Map(
      files.map((file) => {
        const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) as string;
        const [name, document] = JSON.parse(last) as [string, { exit_status?: string }];
        return [basename(file, '.jsonl'), name === 'stop' ? (document.exit_status ?? '') : `no stop: ${name}`];
      }),
    );
  }

  async #added(method: string, request: object): Promise<string | undefined> {
    const reply = await this.ask(method, { ...request, user: 'Ann', user_group: 'primary' });
    const uid = (reply?.['item'] as QueuedItem | undefined)?.item_uid;
    if (uid !== undefined && reply?.success === true) this.acknowledged.add(uid);
    return uid;
  }

  async #restart(): Promise<void> {
    this.#place.hangUp();
    await this.#place.managerExit();
    await this.#place.startManager();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#place[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
