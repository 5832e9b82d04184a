import type { Document, DocumentName } from './documents.ts';

export type DocumentListener = (name: DocumentName, document: Document) => void;

/**
 * Hands each document first to its owner, whose failure is the plan's failure (a run that cannot be kept must not go on
 * as if it were), then to the subscribers, whose failures are reported and change nothing.
 */
export class Dispatcher {
  readonly #owner: DocumentListener;
  readonly #report: (error: unknown) => void;
  readonly #subscribers = new Map<number, { listener: DocumentListener; name: DocumentName | 'all' }>();
  #nextToken = 0;

  constructor(owner: DocumentListener, report: (error: unknown) => void) {
    this.#owner = owner;
    this.#report = report;
  }

  subscribe(listener: DocumentListener, name: DocumentName | 'all' = 'all'): number {
    const token = this.#nextToken++;
    this.#subscribers.set(token, { listener, name });
    return token;
  }

  unsubscribe(token: number): void {
    this.#subscribers.delete(token);
  }

  emit(name: DocumentName, document: Document): void {
    this.#owner(name, document);
    if (this.#subscribers.size === 0) return;
    for (const subscriber of this.#subscribers.values()) {
      if (subscriber.name !== 'all' && subscriber.name !== name) continue;
      try {
        subscriber.listener(name, document);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
