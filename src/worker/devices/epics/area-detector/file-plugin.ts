import { Device } from '../../device.ts';
import type { Place } from '../../part.ts';
import { EpicsSignal, EpicsSignalRO } from '../epics-signal.ts';
import type { Camera } from './camera.ts';
import type { FileFormat, FilePlace } from './files.ts';
import { untilValue } from './until-value.ts';

const ANSWER_WITHIN_S = 10;
/** CreateDirectory: this many levels may be missing. */
const LEVELS = -3;

/** A plugin that writes frames into files, one capture between `begin()` and `end()`: `HDF1:` or `TIFF1:`. */
export class FilePlugin extends Device {
  static override readonly pythonModule: string = 'ophyd.areadetector.plugins';

  readonly numCaptured: EpicsSignalRO<number>;
  readonly fullName: string;
  readonly #format: FileFormat;
  readonly #signals: Readonly<Record<(typeof WRITTEN)[number], EpicsSignal>>;
  readonly #pathExists: EpicsSignalRO<string>;
  readonly #isCapturing: EpicsSignalRO<string>;
  readonly #width: EpicsSignalRO<number>;

  constructor(prefix: string, format: FileFormat, place: Place) {
    super(place);
    this.#format = format;
    this.fullName = `${prefix}FullFileName_RBV`;
    const readback = <T>(field: string, cached = true): EpicsSignalRO<T> =>
      this.add(field, 'omitted', (part) => new EpicsSignalRO<T>(`${prefix}${field}_RBV`, { ...part, cached }));
    this.#signals = Object.fromEntries(
      WRITTEN.map((field) => [
        field,
        this.add(`${field}_setpoint`, 'omitted', (part) => new EpicsSignal(prefix + field, part)),
      ]),
    ) as Record<(typeof WRITTEN)[number], EpicsSignal>; // one for each of the names
    this.numCaptured = readback('NumCaptured', false);
    this.#pathExists = readback('FilePathExists', false);
    this.#isCapturing = readback('Capture', false);
    this.#width = readback('ArraySize0', false);
  }

  /**
   * Resolves when frames of the camera go into a file at this place. The order is the plugin's: it must know a frame
   * before it can be told where to write, and capturing comes last.
   * @throws Error naming the path when the IOC cannot write there
   */
  async begin(camera: Camera, { ioc, name }: FilePlace): Promise<void> {
    await this.#put('EnableCallbacks', 'Enable');
    if ((await this.#width.get()) === 0) await camera.take(ANSWER_WITHIN_S);
    await this.#put('CreateDirectory', LEVELS);
    await this.#put('FilePath', ioc);
    if ((await this.#pathExists.get()) !== 'Yes') {
      throw new Error(`${this.name}: the IOC finds no folder '${ioc}', and cannot make it`);
    }
    await this.#put('FileName', name);
    await this.#put('FileTemplate', this.#format.template);
    await Promise.all([
      this.#put('FileNumber', 0),
      this.#put('AutoIncrement', 'Yes'),
      this.#put('AutoSave', 'Yes'),
      this.#put('NumCapture', 0),
      this.#put('FileWriteMode', 'Stream'),
      this.#put('LazyOpen', 'Yes'),
    ]);
    // Its callback comes when the capture ends: nobody waits for that.
    await this.#signals.Capture.put(1, { wait: false });
    await untilValue(this.#isCapturing, (value) => value === 'Capturing', ANSWER_WITHIN_S);
  }

  async end(): Promise<void> {
    await this.#signals.Capture.put(0, { wait: false });
    await untilValue(this.#isCapturing, (value) => value === 'Done', ANSWER_WITHIN_S);
  }

  /** Resolves when that many frames are in the file. */
  async untilCaptured(frames: number): Promise<void> {
    await untilValue(this.numCaptured, (captured) => captured >= frames, ANSWER_WITHIN_S);
  }

  async #put(field: (typeof WRITTEN)[number], value: unknown): Promise<void> {
    await this.#signals[field].put(value);
  }
}

const WRITTEN = [
  'EnableCallbacks',
  'CreateDirectory',
  'FilePath',
  'FileName',
  'FileTemplate',
  'FileNumber',
  'AutoIncrement',
  'AutoSave',
  'NumCapture',
  'FileWriteMode',
  'LazyOpen',
  'Capture',
] as const;
