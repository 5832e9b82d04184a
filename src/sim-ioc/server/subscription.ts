import type { Field, FieldListener } from '../records/field.ts';
import type { Sending } from './backlog.ts';

/** Where the events of a circuit's monitors go. */
export interface EventSink {
  offer(send: Sending): void;
  forget(send: Sending): void;
}

/** One monitor: each change that its mask asks for is offered to the circuit. */
export class Subscription implements FieldListener {
  readonly mask: number;
  readonly #send: Sending;
  readonly #events: EventSink;
  readonly #unlisten: () => void;

  constructor(field: Field, mask: number, { events, send }: { events: EventSink; send: Sending }) {
    this.mask = mask;
    this.#send = send;
    this.#events = events;
    this.#unlisten = field.listen(this);
  }

  changed(): void {
    this.#events.offer(this.#send);
  }

  close(): void {
    this.#unlisten();
    this.#events.forget(this.#send);
  }
}
