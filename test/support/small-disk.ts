import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small disk of its own at this path; gone after the test. Mounting is for root. */
export class SmallDisk implements Disposable {
  readonly path: string;

  constructor(path: string, size: string) {
    this.path = path;
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'beamgate-test', path]);
  }

  /** Takes all the room but so many bytes; gives a function that makes room again. */
  fill(size: number): () => void {
    const ballast = join(this.path, 'ballast');
    writeFileSync(ballast, Buffer.alloc(size));
    return () => rmSync(ballast);
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['--lazy', this.path]);
  }
}
