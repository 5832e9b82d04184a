import type { EpicsRecord } from '../record.ts';
import { SimCamera } from './camera.ts';
import { SimFileWriter } from './file-writer.ts';

export interface AreaDetectorOptions {
  /** Of a frame, in pixels. */
  readonly size: { readonly x: number; readonly y: number };
  /** File plugins by the second part of their prefix: `HDF1:`. */
  readonly plugins: readonly string[];
}

/** The records of an area detector: a camera, and plugins that count the frames which they would write. */
export function areaDetectorRecords(prefix: string, { size, plugins }: AreaDetectorOptions): EpicsRecord[] {
  const camera = new SimCamera(prefix, size);
  const writers = plugins.map((plugin) => new SimFileWriter(prefix, plugin, size));
  camera.plugins.push(...writers);
  return [camera, ...writers].flatMap(({ records }) => records);
}
