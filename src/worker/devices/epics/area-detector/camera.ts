import { Device } from '../../device.ts';
import type { Kind, Place } from '../../part.ts';
import { EpicsSignal, EpicsSignalRO } from '../epics-signal.ts';

type ImageMode = 'Single' | 'Multiple' | 'Continuous';

/** What is set for the time of being staged, and put back after it. */
interface Settings {
  imageMode: ImageMode;
  numImages: number;
  waitForPlugins: string;
}

/** How an acquisition may end other than well. */
const FAILED_STATES = new Set(['Aborted', 'Aborting', 'Error']);

/** The camera of an area detector: `new Camera('13SIM1:cam1:', place)`. */
export class Camera extends Device {
  static override readonly pythonModule: string = 'ophyd.areadetector.cam';

  readonly acquireTime: EpicsSignal<number>;
  readonly acquirePeriod: EpicsSignal<number>;
  readonly numImages: EpicsSignal<number>;
  readonly imageMode: EpicsSignal<ImageMode>;
  readonly waitForPlugins: EpicsSignal<string>;
  readonly acquire: EpicsSignal<number>;
  readonly state: EpicsSignalRO<string>;
  readonly dataType: EpicsSignalRO<string>;
  readonly sizeX: EpicsSignalRO<number>;
  readonly sizeY: EpicsSignalRO<number>;
  #before: Settings | undefined;

  constructor(prefix: string, place: Place) {
    super(place);
    const pair = <T>(attribute: string, field: string, kind: Kind = 'config'): EpicsSignal<T> =>
      this.add(attribute, kind, (part) => EpicsSignal.withReadback<T>(prefix + field, part));
    const readback = <T>(attribute: string, field: string): EpicsSignalRO<T> =>
      this.add(attribute, 'omitted', (part) => new EpicsSignalRO<T>(`${prefix}${field}_RBV`, part));
    this.acquireTime = pair('acquire_time', 'AcquireTime');
    this.acquirePeriod = pair('acquire_period', 'AcquirePeriod');
    this.numImages = pair('num_images', 'NumImages');
    this.imageMode = pair('image_mode', 'ImageMode');
    pair('trigger_mode', 'TriggerMode');
    this.waitForPlugins = pair('wait_for_plugins', 'WaitForPlugins', 'omitted');
    this.state = readback('detector_state', 'DetectorState');
    this.dataType = readback('data_type', 'DataType');
    this.sizeX = readback('array_size_x', 'ArraySizeX');
    this.sizeY = readback('array_size_y', 'ArraySizeY');
    this.acquire = this.add('acquire', 'omitted', (part) => new EpicsSignal<number>(`${prefix}Acquire`, part));
  }

  /** From here each acquisition takes so many frames, whatever the camera did before. */
  async prepare(frames: number): Promise<void> {
    await this.acquire.put(0, { wait: false });
    const [imageMode, numImages, waitForPlugins] = await Promise.all([
      this.imageMode.get(),
      this.numImages.get(),
      this.waitForPlugins.get(),
    ]);
    this.#before ??= { imageMode, numImages, waitForPlugins };
    await this.#set({ imageMode: 'Multiple', numImages: frames, waitForPlugins: 'Yes' });
  }

  /** As it was before `prepare()`. */
  async restore(): Promise<void> {
    const before = this.#before;
    this.#before = undefined;
    await this.acquire.put(0, { wait: false });
    if (before !== undefined) await this.#set(before);
  }

  /**
   * Resolves when all frames are taken. The put-callback says that the camera is idle again, not that it did what it was
   * to do: its state tells that.
   * @throws Error naming the state, or when it takes `spare` seconds longer than frames and exposure say
   */
  async take(spare: number): Promise<void> {
    const [frames, exposure, period] = await Promise.all([
      this.numImages.get(),
      this.acquireTime.get(),
      this.acquirePeriod.get(),
    ]);
    await this.acquire.put(1, { wait: true, timeout: frames * Math.max(exposure, period) + spare });
    const state = await this.state.get();
    if (FAILED_STATES.has(state)) throw new Error(`${this.name}: the acquisition ended as ${state}`);
  }

  async #set({ imageMode, numImages, waitForPlugins }: Settings): Promise<void> {
    await Promise.all([
      this.imageMode.put(imageMode),
      this.numImages.put(numImages),
      this.waitForPlugins.put(waitForPlugins),
    ]);
  }
}
