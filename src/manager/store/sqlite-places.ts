import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** From one item at the back to the next: room for 20 insertions at the same spot, and for 2^33 items in a row. */
const GAP = 2 ** 20;

interface Row {
  readonly uid: string;
  readonly place: number;
}

/**
 * The numbers that order the queue. Between two neighbours there is mostly room; where it is used up, as many rows
 * around the spot are spread again as are needed to find some, so that the work stays small however long the queue is.
 */
export class Places {
  readonly #placeOf: StatementSync;
  readonly #last: StatementSync;
  readonly #upTo: StatementSync;
  readonly #from: StatementSync;
  readonly #setPlace: StatementSync;

  constructor(db: DatabaseSync) {
    this.#placeOf = db.prepare('SELECT place FROM queue WHERE uid = ?');
    this.#last = db.prepare('SELECT max(place) AS place FROM queue');
    this.#upTo = db.prepare('SELECT uid, place FROM queue WHERE place < ? ORDER BY place DESC LIMIT ?');
    this.#from = db.prepare('SELECT uid, place FROM queue WHERE place >= ? ORDER BY place LIMIT ?');
    this.#setPlace = db.prepare('UPDATE queue SET place = ? WHERE uid = ?');
  }

  /** `count` rising numbers for items that go before the one with this UID, or to the back. */
  before(uid: string | null, count: number): number[] {
    if (uid === null) return spread((this.#last.get() as { place: number | null }).place, null, count);
    const row = this.#placeOf.get(uid) as { place: number } | undefined;
    if (!row) throw new Error(`Item '${uid}' is not in the stored queue`);
    const below = (this.#upTo.all(row.place, 1) as unknown as Row[])[0];
    if (!below || row.place - below.place > count) return spread(below?.place ?? null, row.place, count);
    return this.#makeRoom(row.place, count);
  }

  /** Looks at 32 rows to each side, then 64, and so on, until they can stand with half the usual distance between them. */
  #makeRoom(place: number, count: number): number[] {
    for (let reach = 32; ; reach *= 2) {
      const below = (this.#upTo.all(place, reach + 1) as unknown as Row[]).toReversed();
      const above = this.#from.all(place, reach + 1) as unknown as Row[];
      const floor = below.length > reach ? (below.shift()?.place ?? null) : null;
      const ceiling = above.length > reach ? (above.pop()?.place ?? null) : null;
      const total = below.length + count + above.length;
      if (floor !== null && ceiling !== null && (ceiling - floor) / (total + 1) < Math.sqrt(GAP)) continue;
      const places = spread(floor, ceiling, total);
      below.forEach((row, n) => this.#setPlace.run(places[n] as number, row.uid));
      above.forEach((row, n) => this.#setPlace.run(places[below.length + count + n] as number, row.uid));
      return places.slice(below.length, below.length + count);
    }
  }
}

/** Rising numbers strictly between the two; null is an open end. */
function spread(above: number | null, below: number | null, count: number): number[] {
  const step = above !== null && below !== null ? (below - above) / (count + 1) : GAP;
  const start = above ?? (below === null ? 0 : below - GAP * (count + 1));
  return Array.from({ length: count }, (_, n) => Math.floor(start + step * (n + 1)));
}
