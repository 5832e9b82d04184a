import { CodedError } from '../protocol/error-codes.ts';
import { MOST_EVENTS } from '../protocol/events.ts';
import type { EventFeed, ToldEvent } from '../manager-client/event-feed.ts';

interface EventStreamParts {
  readonly feed: EventFeed;
  readonly send: (frame: Buffer) => void;
  readonly isOpen: () => boolean;
}

const frames = new WeakMap<ToldEvent, Buffer>();

/** However many clients read an event, its frame is made once. */
function frameOf(told: ToldEvent): Buffer {
  const frame = frames.get(told) ?? Buffer.from(`{"topic":"events","seq":${told.event.number},"event":${told.text}}`);
  frames.set(told, frame);
  return frame;
}

/**
 * Events for one client, each once and in order: first those behind the number that it has, page by page, then each as it
 * is told. A number that the log does not lead on from is answered by a frame that says so; what follows goes on from there.
 */
export class EventStream {
  readonly #parts: EventStreamParts;
  #sent = 0;
  #isLive = false;
  #leave: (() => void)[] = [];

  constructor(parts: EventStreamParts) {
    this.#parts = parts;
  }

  /** Without a number it begins with what happens next. */
  async start(after: number | undefined): Promise<void> {
    const { feed } = this.#parts;
    try {
      await feed.begin();
      this.#sent = after ?? feed.last;
      this.#leave = [
        feed.events.on('told', (told) => this.#isLive && this.#tell(told)),
        feed.events.on('broken', ({ last }) => this.#gap('the manager has another log', last)),
      ];
      await this.#catchUp();
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      this.#say({ error: error.message });
    }
  }

  end(): void {
    for (const leave of this.#leave) leave();
  }

  async #catchUp(): Promise<void> {
    const { feed, isOpen } = this.#parts;
    while (isOpen()) {
      const recent = feed.recentAfter(this.#sent);
      // From here on nothing comes in between: what is told next follows.
      if (recent !== null) {
        this.#tell(recent);
        this.#isLive = true;
        return;
      }
      try {
        const { events } = await feed.page({ after: this.#sent, limit: MOST_EVENTS });
        this.#tell(events.map((event) => ({ event, text: JSON.stringify(event) })));
      } catch (error) {
        if (!(error instanceof CodedError) || error.kind !== 'gone') throw error;
        this.#gap(error.message, feed.last);
      }
    }
  }

  #tell(told: readonly ToldEvent[]): void {
    for (const one of told) {
      if (one.event.number <= this.#sent) continue;
      this.#sent = one.event.number;
      this.#parts.send(frameOf(one));
    }
  }

  #gap(reason: string, last: number): void {
    this.#say({ gap: { after: this.#sent, last, reason } });
    this.#sent = last;
  }

  #say(members: object): void {
    this.#parts.send(Buffer.from(JSON.stringify({ topic: 'events', ...members })));
  }
}
