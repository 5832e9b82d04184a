import { documentLine, type DocumentName } from '../../documents/document-line.ts';
import type { RunFiles } from '../../documents/run-files.ts';

/** A document's members by which it is known whose it is. */
type Named = Readonly<Record<string, unknown>>;

/**
 * Writes the RunEngine's documents into run files. Which run an event belongs to follows from the descriptor that it
 * names, a datum from its resource.
 */
export class DocumentRecorder {
  readonly #files: RunFiles;
  /** Descriptors, resources and stream resources of open runs, by uid. */
  readonly #runOf = new Map<string, string>();

  constructor(files: RunFiles) {
    this.#files = files;
  }

  /** `text` is the document as JSON. */
  write(name: DocumentName, document: Named, text: string): void {
    const run = this.#run(name, document);
    if (run === undefined) return;
    this.#files.write(run, name, documentLine(name, text), Number(document['time'] ?? 0));
    if (name === 'stop') this.#forget(run);
  }

  /** Pending while the disk is far behind. */
  settled(): Promise<void> | undefined {
    return this.#files.settled();
  }

  /** Resolves when finished runs are on disk, as far as the disk takes them. */
  kept(): Promise<void> {
    return this.#files.kept();
  }

  #run(name: DocumentName, document: Named): string | undefined {
    if (name === 'start') return uidOf(document['uid']);
    if (name === 'stop') return uidOf(document['run_start']);
    if (name === 'descriptor' || name === 'resource' || name === 'stream_resource') {
      const run = uidOf(document['run_start']);
      if (run !== undefined) this.#runOf.set(String(document['uid']), run);
      return run;
    }
    const owner = uidOf(document['descriptor']) ?? uidOf(document['resource']);
    return owner === undefined ? undefined : this.#runOf.get(owner);
  }

  #forget(run: string): void {
    for (const [uid, owner] of this.#runOf) if (owner === run) this.#runOf.delete(uid);
  }
}

const uidOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
