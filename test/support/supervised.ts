import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Child, ChildPlan } from '../../src/supervisor/child.ts';

/** A folder for one test, gone afterwards. */
export function aFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'beamgate-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The plan of a child that runs one of `test/support/children/`. */
export function aChildPlan(folder: string, program: string, own: Partial<ChildPlan> = {}): ChildPlan {
  return {
    name: program,
    command: [process.execPath, fileURLToPath(new URL(`children/${program}.ts`, import.meta.url))],
    environment: process.env,
    logFile: join(folder, `${program}.log`),
    runDir: folder,
    version: '0',
    isAdoptable: false,
    onExitZero: 'renew',
    readyWithinMs: 8000,
    stopWithinMs: 2000,
    ...own,
  };
}

/** What happened to a child, and a way to wait for it. */
export class ChildDiary {
  readonly states: string[] = [];
  readonly #waiting = new Set<() => void>();

  changed = ({ state }: Child): void => {
    this.states.push(state);
    for (const look of this.#waiting) look();
  };
  ended = (): void => undefined;

  until(isSo: (states: string[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo(this.states)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
