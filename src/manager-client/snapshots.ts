import { members, parsePlain } from '../lib/raw-json.ts';

/** A reply as it is served: bytes, made once however many clients read them. */
interface Kept {
  readonly uid: string;
  readonly body: Buffer;
}
interface KeptStatus extends Kept {
  /** The `*_uid` members, by name. */
  readonly uids: ReadonlyMap<string, string>;
}

/** How to get one snapshot. `prepare` makes of the manager's reply what clients are given. */
export interface SnapshotSource {
  /** Tells it from others: the method, and what it is asked with. */
  readonly key: string;
  /** The member of the reply, and of the status, that changes exactly when the reply does. */
  readonly uidField: string;
  fetch(): Promise<string>;
  prepare(reply: string): Buffer;
}

/** The manager says its status at least once a second; unheard for this long, it may have changed unheard. */
const HEARD_WITHIN_MS = 1500;
const MOST_KEPT = 64;

/**
 * Replies that are read far oftener than they change, each under the UID that the manager gives it.
 *
 * The status is the key to the others. It is trusted as long as the manager is heard and has published no other
 * `status_uid`; every write made through this client ends the trust at once, so that its author never reads what was before
 * it. Then the next read asks, once for all who wait. Queue, history and lists are served without asking while the status
 * names the same UID. A request under way is joined only by readers who came after the last write, as is its answer kept.
 */
export class Snapshots {
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #underWay = new Map<string, { generation: number; answer: Promise<Kept> }>();
  #status: KeptStatus | undefined;
  #generation = 0;
  #heardUid = '';
  #heardAt = -Infinity;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Something may have changed: a write was answered, or nobody knows whether it took effect. */
  distrust(): void {
    this.#generation++;
    this.#status = undefined;
  }

  /** The manager has published its status. */
  heard(statusUid: string): void {
    this.#heardAt = this.#now();
    if (statusUid === this.#heardUid) return;
    this.#heardUid = statusUid;
    if (this.#status?.uid !== statusUid) this.distrust();
  }

  /** Nothing is known until the manager is heard again. */
  lost(): void {
    this.#heardAt = -Infinity;
    this.distrust();
  }

  async status(source: SnapshotSource): Promise<Buffer> {
    return (await this.#freshStatus(source)).body;
  }

  async read(source: SnapshotSource, statusSource: SnapshotSource): Promise<Buffer> {
    const status = await this.#freshStatus(statusSource);
    const uid = status.uids.get(source.uidField);
    const kept = this.#kept.get(source.key);
    if (kept !== undefined && kept.uid === uid) return kept.body;
    const read = await this.#shared(source, (reply) => keptOf(source, reply));
    if (read.uid !== uid) this.distrust();
    this.#keep(source.key, read);
    return read.body;
  }

  async #freshStatus(source: SnapshotSource): Promise<KeptStatus> {
    if (this.#status !== undefined && this.#now() - this.#heardAt < HEARD_WITHIN_MS) return this.#status;
    const generation = this.#generation;
    const status = await this.#shared(source, (reply) => keptStatusOf(source, reply));
    if (generation === this.#generation && status.uid !== '') this.#status = status;
    return status;
  }

  #shared<K extends Kept>(source: SnapshotSource, read: (reply: string) => K): Promise<K> {
    const joined = this.#underWay.get(source.key);
    // One key is always read in one way, so what is under way for it gives a K.
    if (joined?.generation === this.#generation) return joined.answer as Promise<K>;
    const answer = source.fetch().then(read);
    const asked = { generation: this.#generation, answer };
    const forget = () => {
      if (this.#underWay.get(source.key) === asked) this.#underWay.delete(source.key);
    };
    this.#underWay.set(source.key, asked);
    answer.then(forget, forget);
    return answer;
  }

  #keep(key: string, read: Kept): void {
    if (read.uid === '') return;
    this.#kept.delete(key);
    this.#kept.set(key, read);
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value as string);
  }
}

function keptOf(source: SnapshotSource, reply: string): Kept {
  return { uid: textOf(members(reply).get(source.uidField)), body: source.prepare(reply) };
}

function keptStatusOf(source: SnapshotSource, reply: string): KeptStatus {
  const fields = [...members(reply)].filter(([name]) => name.endsWith('_uid'));
  const uids = new Map(fields.map(([name, text]) => [name, textOf(text)]));
  return { uid: uids.get(source.uidField) ?? '', uids, body: source.prepare(reply) };
}

/** The string that a member holds; '' for one that is absent or no string, and that is never kept. */
function textOf(member: string | undefined): string {
  const value = member === undefined ? undefined : parsePlain(member);
  return typeof value === 'string' ? value : '';
}
