import { existsSync, mkdirSync } from 'node:fs';
import { AnalogRecord } from '../analog.ts';
import { BusyRecord } from '../busy.ts';
import { DiscreteRecord } from '../discrete.ts';
import type { FramePlugin } from './camera.ts';
import { Pairs } from './pairs.ts';

const NO_YES = ['No', 'Yes'];

/**
 * A file plugin of an area detector, as far as it can be seen from outside: it counts the frames that come while it
 * captures, and names the file that it would write. It does not know what size frames have before the first one came.
 *
 * Writing `Capture` 1 answers a put-callback when the capture ends: after `NumCapture` frames, or by writing 0. Without a
 * path that exists it fails, as a plugin that could not open its file.
 */
export class SimFileWriter extends Pairs implements FramePlugin {
  readonly capture: BusyRecord;
  readonly numCaptured: AnalogRecord;
  readonly #sizes: readonly AnalogRecord[];
  readonly #size: readonly number[];
  readonly #enabled: DiscreteRecord;
  readonly #wanted: AnalogRecord;
  readonly #levels: AnalogRecord;
  readonly #pathExists: DiscreteRecord;
  readonly #isCapturing: DiscreteRecord;
  #end: (() => void) | undefined;
  #path = '';

  constructor(prefix: string, plugin: string, size: { x: number; y: number }) {
    super(prefix + plugin);
    const at = prefix + plugin;
    this.#size = [size.x, size.y];
    this.#enabled = this.choice('EnableCallbacks', ['Disable', 'Enable']);
    this.#sizes = [0, 1].map((axis) => this.add(new AnalogRecord(`${at}ArraySize${axis}_RBV`, 'longin')));
    this.#levels = this.number('CreateDirectory', 'longout');
    this.path('FilePath', (path) => this.#go(path));
    this.#pathExists = this.add(new DiscreteRecord(`${at}FilePathExists_RBV`, 'bi', { states: NO_YES }));
    this.path('FileName');
    this.path('FileTemplate');
    this.number('FileNumber', 'longout');
    this.choice('AutoIncrement', NO_YES);
    this.choice('AutoSave', NO_YES);
    this.choice('LazyOpen', NO_YES);
    this.choice('FileWriteMode', ['Single', 'Capture', 'Stream']);
    this.#wanted = this.number('NumCapture', 'longout', { value: 1 });
    this.numCaptured = this.add(new AnalogRecord(`${at}NumCaptured_RBV`, 'longin'));
    this.#isCapturing = this.add(new DiscreteRecord(`${at}Capture_RBV`, 'bi', { states: ['Done', 'Capturing'] }));
    this.capture = this.add(
      new BusyRecord(`${at}Capture`, {
        states: ['Done', 'Capture'],
        device: () => (this.capture.value.number === 0 ? undefined : this.#capture()),
        stop: () => this.#end?.(),
      }),
    );
  }

  frame(): void {
    if (this.#enabled.value.number === 0) return;
    for (const [axis, record] of this.#sizes.entries()) record.update(this.#size[axis] ?? 0);
    if (this.#end === undefined) return;
    const count = this.numCaptured.value.number + 1;
    this.numCaptured.update(count);
    if (count === this.#wanted.value.number) this.#end();
  }

  /** A negative `CreateDirectory` makes up to so many levels that are missing. */
  #go(path: string): void {
    this.#path = path;
    try {
      if (this.#levels.value.number < 0 && !existsSync(path)) mkdirSync(path, { recursive: true });
    } catch {
      // That it is not there is what clients look at.
    }
    this.#pathExists.update(existsSync(path) ? 1 : 0);
  }

  async #capture(): Promise<void> {
    if (!existsSync(this.#path)) {
      this.capture.update(0);
      throw new Error(`cannot open a file in '${this.#path}'`);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#end = resolve;
    this.numCaptured.update(0);
    this.#isCapturing.update(1);
    await promise;
    this.#end = undefined;
    this.#isCapturing.update(0);
    this.capture.update(0);
  }
}
