/** 32-bit numbers for channels, requests and monitors. They wrap around, so one that is still in use is passed over. */
export class Ids {
  #next: number;

  constructor(first: number) {
    this.#next = first >>> 0;
  }

  next(used: { has(id: number): boolean }): number {
    while (used.has(this.#next)) this.#advance();
    const id = this.#next;
    this.#advance();
    return id;
  }

  #advance(): void {
    this.#next = (this.#next + 1) >>> 0;
  }
}
