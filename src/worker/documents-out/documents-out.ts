import { documentText, type DocumentName } from '../../documents/document-line.ts';
import type { Document } from '../run-engine/documents.ts';
import { DeclaredFloats } from './declared-floats.ts';
import type { DocumentPublisher } from './document-publisher.ts';
import type { DocumentRecorder } from './document-recorder.ts';

/** Where each document goes: into its run's file, and to whoever listens. It is turned into text once. */
export class DocumentsOut {
  readonly #recorder: DocumentRecorder;
  readonly #publisher: DocumentPublisher | null;
  readonly #floats = new DeclaredFloats();

  constructor(recorder: DocumentRecorder, publisher: DocumentPublisher | null) {
    this.#recorder = recorder;
    this.#publisher = publisher;
  }

  write(name: DocumentName & Parameters<DeclaredFloats['marked']>[0], document: Document): void {
    const marked = this.#floats.marked(name, document);
    const text = documentText(marked);
    this.#recorder.write(name, document, text);
    this.#publisher?.publish(name, marked, text);
  }

  /** Pending while the disk is far behind. */
  settled(): Promise<void> | undefined {
    return this.#recorder.settled();
  }

  /** Resolves when finished runs are on disk, as far as the disk takes them. */
  kept(): Promise<void> {
    return this.#recorder.kept();
  }
}
