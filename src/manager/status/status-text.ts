/**
 * The text of `status`. All of it but `time` is made once for each change, with a new `status_uid`; a reader pays for the
 * time alone. Changes within one turn of the event loop are one change.
 */
export class StatusText {
  readonly #read: () => StatusFields;
  readonly #publish: () => void;
  #head = '';
  #tail = '';
  #isOld = true;
  #isTelling = false;

  constructor(read: () => StatusFields, publish: () => void) {
    this.#read = read;
    this.#publish = publish;
  }

  changed(): void {
    this.#isOld = true;
    if (this.#isTelling) return;
    this.#isTelling = true;
    setImmediate(() => {
      this.#isTelling = false;
      this.#publish();
    });
  }

  text(): string {
    if (this.#isOld) this.#make();
    return `${this.#head}${isoTime(Date.now())}${this.#tail}`;
  }

  #make(): void {
    const { msg, ...fields } = this.#read();
    this.#head = `{"msg":${JSON.stringify(msg)},"time":"`;
    this.#tail = `",${JSON.stringify(fields).slice(1)}`;
    this.#isOld = false;
  }
}

/** The status without its time, in the order of the wire. */
export interface StatusFields {
  readonly msg: string;
  readonly [field: string]: unknown;
}

let second = Number.NaN;
let secondText = '';

/** Local time as Python's `datetime.isoformat()`. The part that changes once a second is made once a second. */
export function isoTime(ms: number): string {
  const now = Math.floor(ms / 1000);
  if (now !== second) {
    const date = new Date(now * 1000);
    const two = (n: number): string => String(n).padStart(2, '0');
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    secondText = `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    second = now;
  }
  return `${secondText}.${String(Math.floor(ms - now * 1000)).padStart(3, '0')}000`;
}
