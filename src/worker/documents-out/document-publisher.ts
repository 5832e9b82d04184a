import { Publisher as PublisherSocket } from 'zeromq';
import type { DocumentsSettings } from '../../config/process-settings.ts';
import type { DocumentName } from '../../documents/document-line.ts';
import { pickled } from '../../lib/pickle.ts';
import { Sender } from '../../lib/sender.ts';

/** The bound of 0MQ's own for each subscriber, as in bluesky's Publisher: one that is slower loses documents. */
const MOST_WAITING = 1000;

/**
 * Publishes documents as bluesky's `Publisher` does, so that its `RemoteDispatcher` reads them unchanged: one frame
 * `prefix name payload`, the payload a pickle or JSON. It never waits for anybody.
 */
export class DocumentPublisher {
  readonly #settings: DocumentsSettings;
  readonly #socket = new PublisherSocket({ linger: 1000, sendHighWaterMark: MOST_WAITING });
  readonly #sender = new Sender<Buffer | string>((frame) => this.#socket.send(frame), MOST_WAITING);

  constructor(settings: DocumentsSettings) {
    this.#settings = settings;
  }

  /** @throws Error that names the address, when it is held or is none */
  async start(): Promise<void> {
    const { bind, proxy } = this.#settings;
    try {
      if (bind !== null) await this.#socket.bind(bind);
      if (proxy !== null) this.#socket.connect(proxy);
    } catch (cause) {
      throw new Error(`Documents cannot be published at ${bind ?? proxy}: ${(cause as Error).message}`, { cause });
    }
  }

  /** `text` is the document as JSON. */
  publish(name: DocumentName, document: object, text: string): void {
    const { prefix, encoding } = this.#settings;
    const head = `${prefix} ${name} `;
    this.#sender.offer(encoding === 'json' ? head + text : pickled(document, head));
  }

  async close(): Promise<void> {
    await this.#sender.sent();
    this.#socket.close();
  }
}
