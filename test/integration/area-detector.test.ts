import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { areaDetectorRecords } from '../../src/sim-ioc/records/area-detector/area-detector.ts';
import {
  AreaDetector,
  type AreaDetectorOptions,
  hdf5,
  tiff,
} from '../../src/worker/devices/epics/area-detector/area-detector.ts';
import { dailyFolders } from '../../src/worker/devices/epics/area-detector/files.ts';
import { count } from '../../src/worker/plans/count.ts';
import { RunEngine } from '../../src/worker/run-engine/run-engine.ts';
import { schemaErrors } from '../support/event-model/validate.ts';
import { SimulatedBeamline } from '../support/epics/simulated-beamline.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'frames-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function detectorOn(options: Partial<AreaDetectorOptions> = {}) {
  const size = { x: 6, y: 4 };
  const beamline = await SimulatedBeamline.with(...areaDetectorRecords('T:', { size, plugins: ['HDF1:', 'TIFF1:'] }));
  const detector = new AreaDetector('T:', { name: 'det', ...options });
  await detector.connect(beamline.transports, 5);
  return { beamline, detector, [Symbol.asyncDispose]: () => beamline[Symbol.asyncDispose]() };
}

/** The documents of a run, each one by event-model's schemas. */
async function documentsOf(detector: AreaDetector, num: number) {
  const documents: [string, Record<string, unknown>][] = [];
  const engine = new RunEngine({ onDocument: (name, document) => documents.push([name, document]) });
  const outcome = await engine.run(count({ detectors: [detector], num }));
  expect(outcome).toMatchObject({ kind: 'finished', exit_status: 'success' });
  expect(documents.flatMap(([name, document]) => schemaErrors(name, document))).toEqual([]);
  return documents;
}
const named = (documents: [string, Record<string, unknown>][], wanted: string) =>
  documents.flatMap(([name, document]) => (name === wanted ? [document] : []));

test('an HDF5 file is told once, and one index of it for each event', async () => {
  await using on = await detectorOn({ files: hdf5({ paths: dailyFolders(folder, '/mnt/data') }) });

  const documents = await documentsOf(on.detector, 3);

  expect(documents.map(([name]) => name).join(' ')).toBe(
    'start descriptor stream_resource stream_datum event stream_datum event stream_datum event stop',
  );
  expect(named(documents, 'descriptor')[0]).toMatchObject({
    data_keys: { det: { dtype: 'array', shape: [1, 4, 6], dtype_numpy: '|u1', external: 'STREAM:' } },
    configuration: { det: { data: { det_cam_image_mode: 'Multiple', det_cam_num_images: 1 } } },
  });
  expect(named(documents, 'stream_resource')[0]).toMatchObject({
    data_key: 'det',
    mimetype: 'application/x-hdf5',
    uri: expect.stringMatching(/^file:\/\/localhost\/mnt\/data\/\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}_000000\.h5$/),
    parameters: { dataset: '/entry/data/data', chunk_shape: [1, 4, 6] },
  });
  expect(named(documents, 'stream_datum').map(({ indices, seq_nums: numbers }) => [indices, numbers])).toEqual([
    [
      { start: 0, stop: 1 },
      { start: 1, stop: 2 },
    ],
    [
      { start: 1, stop: 2 },
      { start: 2, stop: 3 },
    ],
    [
      { start: 2, stop: 3 },
      { start: 3, stop: 4 },
    ],
  ]);
});

test('several frames of one trigger are one event; TIFF files are told by a template', async () => {
  await using on = await detectorOn({ frames: 3, files: tiff({ paths: dailyFolders(folder) }) });

  const documents = await documentsOf(on.detector, 2);

  expect(named(documents, 'descriptor')[0]).toMatchObject({ data_keys: { det: { shape: [3, 4, 6] } } });
  expect(named(documents, 'stream_resource')[0]).toMatchObject({
    mimetype: 'multipart/related;type=image/tiff',
    uri: expect.stringMatching(/\/$/),
    parameters: { template: expect.stringMatching(/_\{:06d\}\.tiff$/) },
  });
  expect(named(documents, 'stream_datum').map(({ indices }) => indices)).toEqual([
    { start: 0, stop: 1 },
    { start: 1, stop: 2 },
  ]);
  expect(await on.detector.plugin?.numCaptured.get()).toBe(6);
});

test('staging sets the camera up, unstaging puts it back and closes the file', async () => {
  await using on = await detectorOn({ files: hdf5({ paths: dailyFolders(folder) }) });
  const { camera } = on.detector;
  expect(await camera.imageMode.get()).toBe('Continuous');

  on.detector.stage();
  await on.detector.trigger().finished;
  expect(await camera.imageMode.get()).toBe('Multiple');
  on.detector.unstage();

  await expect.poll(() => camera.imageMode.get()).toBe('Continuous');
  on.detector.stage();
  await on.detector.trigger().finished;
  expect(await on.detector.getIndex()).toBe(1);
});

test('a folder that the IOC cannot write to fails the first trigger, by name', async () => {
  const ioc = join(folder, 'a-file', 'below');
  writeFileSync(join(folder, 'a-file'), '');
  await using on = await detectorOn({ files: hdf5({ paths: () => ({ ioc, reader: '/', name: 'x' }) }) });

  on.detector.stage();

  await expect(on.detector.trigger().finished).rejects.toThrow(`the IOC finds no folder '${ioc}'`);
});

test('without files it is triggered and read for its statistics alone', async () => {
  await using on = await detectorOn();

  const documents = await documentsOf(on.detector, 1);

  expect(named(documents, 'stream_resource')).toEqual([]);
  expect(await on.detector.camera.state.get()).toBe('Idle');
});

test('an acquisition that is stopped ends early', async () => {
  await using on = await detectorOn();
  await on.detector.camera.acquireTime.put(0.05);
  await on.detector.camera.numImages.put(1000);
  await on.detector.camera.imageMode.put('Multiple');

  const status = on.detector.trigger();
  expect(on.detector.isMoving).toBe(true);
  await expect.poll(() => on.detector.camera.state.get()).toBe('Acquire');
  await on.detector.stop();

  await status.finished;
});

test('a number of frames that is none is refused', () => {
  expect(() => new AreaDetector('T:', { name: 'det', frames: 0 })).toThrow('a whole number from 1, received 0');
});
