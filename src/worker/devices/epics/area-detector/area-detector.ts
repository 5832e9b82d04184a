import { randomUUID } from 'node:crypto';
import { Device } from '../../device.ts';
import type { Place } from '../../part.ts';
import type { AssetDocument, DataKey, DataKeys } from '../../protocols.ts';
import { DeviceStatus } from '../../status.ts';
import { EpicsSignalRO } from '../epics-signal.ts';
import { Camera } from './camera.ts';
import { FilePlugin } from './file-plugin.ts';
import { type FileFormat, type FilePlace, HDF5, type PathProvider, TIFF } from './files.ts';

export interface AreaDetectorOptions extends Place {
  /** Frames that one trigger takes. They make one event. Default 1. */
  frames?: number;
  /** Seconds that a trigger may take beyond its exposures. Default 10. */
  spare?: number;
  /** Where frames are written; without it they are not. */
  files?: { plugin: string; format: FileFormat; paths: PathProvider };
  /** Statistics plugins by their prefix, `Stats1:`: the total of each is read. */
  stats?: readonly string[];
}

/** One capture: what readers are told of it, and how far they were told. */
interface Capture {
  readonly place: FilePlace;
  readonly uid: string;
  isTold: boolean;
  /** Events whose frames were told. */
  told: number;
}

/** Array types of EPICS as numpy names them. */
const NUMPY: Readonly<Record<string, string>> = {
  Int8: '|i1',
  UInt8: '|u1',
  Int16: '<i2',
  UInt16: '<u2',
  Int32: '<i4',
  UInt32: '<u4',
  Int64: '<i8',
  UInt64: '<u8',
  Float32: '<f4',
  Float64: '<f8',
};

/**
 * An EPICS area detector that takes frames when it is triggered, and has a plugin write them.
 *
 *     new AreaDetector('13SIM1:', { name: 'det', files: hdf5({ paths: dailyFolders('/data') }) })
 *
 * Staging sets the camera up and opens the file; unstaging closes it and puts the camera back. Both take a while and run
 * behind each other: the first trigger waits for them, and fails with them. Frames are told in `stream_resource` and
 * `stream_datum`, one index for each event.
 */
export class AreaDetector extends Device {
  static override readonly pythonModule: string = 'ophyd.areadetector.detectors';

  readonly camera: Camera;
  readonly plugin: FilePlugin | null;
  readonly #options: AreaDetectorOptions;
  readonly #frames: number;
  #setUp: Promise<void> = Promise.resolve();
  #capture: Capture | null = null;
  #triggers = 0;
  #isAcquiring = false;

  constructor(prefix: string, options: AreaDetectorOptions) {
    super(options);
    const { files, frames = 1, stats = [] } = options;
    if (!(Number.isInteger(frames) && frames > 0)) {
      throw new RangeError(`${options.name}: the frames of a trigger are a whole number from 1, received ${frames}`);
    }
    this.#options = options;
    this.#frames = frames;
    this.camera = this.add('cam', 'config', (part) => new Camera(`${prefix}cam1:`, part));
    for (const plugin of stats) {
      const attribute = `${plugin.replace(/\W/g, '').toLowerCase()}_total`;
      const source = `${prefix}${plugin}Total_RBV`;
      this.add(attribute, 'hinted', (part) => new EpicsSignalRO<number>(source, { ...part, cached: false }));
    }
    this.plugin =
      files === undefined
        ? null
        : this.add('files', 'omitted', (part) => new FilePlugin(prefix + files.plugin, files.format, part));
  }

  /** Whether an acquisition of this object is under way. */
  get isMoving(): boolean {
    return this.#isAcquiring;
  }

  override stage(): unknown[] {
    const staged = super.stage();
    const place = this.#options.files?.paths();
    this.#triggers = 0;
    this.#capture = place === undefined ? null : { place, uid: randomUUID(), isTold: false, told: 0 };
    this.#afterwards(async () => {
      await this.camera.prepare(this.#frames);
      if (place !== undefined) await this.plugin?.begin(this.camera, place);
    });
    return staged;
  }

  override unstage(): unknown[] {
    this.#capture = null;
    this.#afterwards(async () => {
      await this.plugin?.end();
      await this.camera.restore();
    });
    return super.unstage();
  }

  trigger(): DeviceStatus {
    const status = new DeviceStatus({ of: `an acquisition of ${this.name}` });
    if (this.plugin !== null && this.#capture === null) {
      status.setException(new Error(`${this.name} must be staged before it is triggered`));
      return status;
    }
    this.#isAcquiring = true;
    this.#acquire()
      .finally(() => (this.#isAcquiring = false))
      .then(
        () => status.setFinished(),
        (error: Error) => status.setException(error),
      );
    return status;
  }

  /** Ends an acquisition; what was taken so far stays. */
  async stop(): Promise<void> {
    await this.camera.acquire.put(0, { wait: false });
  }

  override async describe(): Promise<DataKeys> {
    const keys = await super.describe();
    return this.plugin === null ? keys : { ...keys, [this.name]: await this.#imageKey(this.plugin) };
  }

  /** Events whose frames are all in the file. */
  async getIndex(): Promise<number> {
    if (this.plugin === null) return 0;
    return Math.floor((await this.plugin.numCaptured.get()) / this.#frames);
  }

  async *collectAssetDocs(index?: number): AsyncGenerator<AssetDocument, void> {
    const capture = this.#capture;
    if (capture === null) return;
    const stop = Math.min(index ?? Infinity, await this.getIndex());
    if (stop <= capture.told) return;
    if (!capture.isTold) yield ['stream_resource', await this.#resource(capture)];
    capture.isTold = true;
    const indices = { start: capture.told, stop };
    capture.told = stop;
    yield [
      'stream_datum',
      {
        uid: `${capture.uid}/${indices.start}`,
        stream_resource: capture.uid,
        descriptor: '',
        indices,
        seq_nums: { start: 0, stop: 0 },
      },
    ];
  }

  /** One after the other, whatever became of the one before; the next trigger fails with a failure. */
  #afterwards(work: () => Promise<void>): void {
    this.#setUp = this.#setUp.catch(() => undefined).then(work);
    this.#setUp.catch(() => undefined);
  }

  async #acquire(): Promise<void> {
    await this.#setUp;
    const { spare = 10 } = this.#options;
    await this.camera.take(spare);
    this.#triggers += 1;
    await this.plugin?.untilCaptured(this.#triggers * this.#frames);
  }

  async #imageKey(plugin: FilePlugin): Promise<DataKey> {
    const numpy = NUMPY[await this.camera.dataType.get()];
    return {
      source: `ca://${plugin.fullName}`,
      dtype: 'array',
      shape: await this.#shape(),
      ...(numpy === undefined ? {} : { dtype_numpy: numpy }),
      external: 'STREAM:',
    };
  }

  async #resource({ place, uid }: Capture): Promise<Record<string, unknown>> {
    const { format } = this.#options.files ?? { format: HDF5 };
    return {
      uid,
      data_key: this.name,
      mimetype: format.mimetype,
      uri: `file://localhost${place.reader}${format.file(place.name)}`,
      parameters: { ...format.parameters(place.name), chunk_shape: await this.#shape() },
    };
  }

  /** Of the frames of one event. */
  async #shape(): Promise<number[]> {
    return [this.#frames, ...(await Promise.all([this.camera.sizeY.get(), this.camera.sizeX.get()]))];
  }
}

type Files = NonNullable<AreaDetectorOptions['files']>;

/** Frames go into one HDF5 file for each run. */
export const hdf5 = ({ plugin = 'HDF1:', paths }: Pick<Files, 'paths'> & { plugin?: string }): Files => ({
  plugin,
  format: HDF5,
  paths,
});

/** Each frame goes into a TIFF file of its own. */
export const tiff = ({ plugin = 'TIFF1:', paths }: Pick<Files, 'paths'> & { plugin?: string }): Files => ({
  plugin,
  format: TIFF,
  paths,
});
