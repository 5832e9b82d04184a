import { randomUUID } from 'node:crypto';
import type { StreamFrame } from '../protocol/streams/topics.ts';
import { ConsoleText } from './console-text.ts';

const MOST_MESSAGES = 2000;
const MOST_LINES = 2000;

/** What `/console_output_update` answers: the messages after the one that the client has, and the UID of the last. */
export interface ConsoleUpdate {
  readonly last_msg_uid: string;
  readonly console_output_msgs: readonly StreamFrame<string>[];
}

/** The console output since the gateway has listened: the last 2000 messages, and the last 2000 lines as text. */
export class ConsoleLog {
  readonly #messages: { readonly uid: string; readonly frame: StreamFrame<string> }[] = [];
  readonly #text = new ConsoleText(MOST_LINES);
  #lastUid: string = randomUUID();
  #textUid: string = randomUUID();

  add(frame: StreamFrame<string>): void {
    this.#lastUid = randomUUID();
    this.#textUid = randomUUID();
    if (this.#messages.push({ uid: this.#lastUid, frame }) > MOST_MESSAGES) this.#messages.shift();
    this.#text.write(frame.msg);
  }

  /** Changes with every message. */
  get textUid(): string {
    return this.#textUid;
  }

  text(lines?: number): string {
    return this.#text.lines(lines);
  }

  /** `'ALL'` asks for everything kept; a UID that is not known any more, or never was, gives no message but the last UID. */
  since(uid: string): ConsoleUpdate {
    const from = uid === 'ALL' ? 0 : this.#messages.findLastIndex((message) => message.uid === uid) + 1;
    const found = uid === 'ALL' || from > 0 ? this.#messages.slice(from) : [];
    return { last_msg_uid: this.#lastUid, console_output_msgs: found.map(({ frame }) => frame) };
  }
}
