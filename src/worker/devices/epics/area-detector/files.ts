import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';

/** Where one capture goes: the folder as the IOC names it, the same one as readers find it, and the file's name. */
export interface FilePlace {
  readonly ioc: string;
  readonly reader: string;
  readonly name: string;
}
/** Asked at each staging. */
export type PathProvider = () => FilePlace;

/** A folder for each day, a name that nobody has used. `reader` is where other machines find the IOC's folder. */
export function dailyFolders(ioc: string, reader = ioc): PathProvider {
  return () => {
    const day = new Date().toISOString().slice(0, 10).split('-');
    return { ioc: posix.join(ioc, ...day, '/'), reader: posix.join(reader, ...day, '/'), name: randomUUID() };
  };
}

/** How a plugin writes, and how documents tell where the frames are. */
export interface FileFormat {
  /** `FileTemplate`, for C's printf: path, name, number. */
  readonly template: string;
  readonly mimetype: string;
  /** The file, or the folder of files, below the reader's folder. */
  readonly file: (name: string) => string;
  readonly parameters: (name: string) => Record<string, unknown>;
}

export const HDF5: FileFormat = {
  template: '%s%s_%6.6d.h5',
  mimetype: 'application/x-hdf5',
  file: (name) => `${name}_000000.h5`,
  parameters: () => ({ dataset: '/entry/data/data', swmr: false }),
};

export const TIFF: FileFormat = {
  template: '%s%s_%6.6d.tiff',
  mimetype: 'multipart/related;type=image/tiff',
  file: () => '',
  parameters: (name) => ({ template: `${name}_{:06d}.tiff` }),
};
