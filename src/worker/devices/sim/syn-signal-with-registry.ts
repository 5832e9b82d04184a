import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssetDocument, DataKey, Readings } from '../protocols.ts';
import { DeviceStatus } from '../status.ts';
import { npyFile } from './npy.ts';
import type { Place } from './part.ts';
import { SynSignal } from './syn-signal.ts';

type Image = readonly (readonly number[])[];

/** What is open between `stage()` and `unstage()`: one resource, with a file a trigger. */
interface Resource {
  uid: string;
  directory: string;
  stem: string;
  count: number;
}

/** An image that goes to a file at each trigger; an event has the `datum_id` by which it is found. */
export class SynSignalWithRegistry extends SynSignal<Image> {
  static override readonly pythonModule = 'ophyd.sim';
  readonly #savePath: string | undefined;
  #resource: Resource | null = null;
  #documents: AssetDocument[] = [];
  #result: Readings = {};

  constructor({ image, savePath, ...place }: Place & { image: () => Image; savePath?: string }) {
    const first = image();
    super({ ...place, dtype: 'array', shape: [first.length, first[0]?.length ?? 0], compute: image });
    this.#savePath = savePath;
  }

  stage(): unknown[] {
    const uid = randomUUID();
    const stem = uid.slice(0, 6);
    const directory = this.#savePath ?? mkdtempSync(join(tmpdir(), 'beamgate-img-'));
    this.#resource = { uid, directory, stem, count: 0 };
    const resource = {
      spec: 'NPY_SEQ',
      root: directory,
      resource_path: stem,
      resource_kwargs: {},
      path_semantics: 'posix',
      uid,
    };
    this.#documents.push(['resource', resource]);
    return [this];
  }

  unstage(): unknown[] {
    this.#resource = null;
    this.#documents = [];
    this.#result = {};
    return [this];
  }

  override trigger(): DeviceStatus {
    const resource = this.#resource;
    if (!resource) return DeviceStatus.failed(new Error(`${this.name} must be staged before it is triggered`));
    super.trigger();
    const index = resource.count;
    resource.count += 1;
    writeFileSync(join(resource.directory, `${resource.stem}_${index}.npy`), npyFile(this.get()));
    const datum = { resource: resource.uid, datum_kwargs: { index }, datum_id: `${resource.uid}/${index}` };
    this.#documents.push(['datum', datum]);
    this.#result = { [this.name]: { value: datum.datum_id, timestamp: this.timestamp() } };
    return DeviceStatus.finished();
  }

  override read(): Readings {
    return this.#result;
  }

  collectAssetDocs(): AssetDocument[] {
    return this.#documents.splice(0);
  }

  protected override dataKey(): DataKey {
    return { ...super.dataKey(), external: 'FILESTORE' };
  }
}
