/** One message being worked on. Its signal is made only for those who ask: most commands are done before they could. */
export class Turn {
  #controller: AbortController | undefined;

  /** Aborted when the plan goes on without this command: a pause, a suspension, an end. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abandon(): void {
    this.#controller?.abort();
  }
}
