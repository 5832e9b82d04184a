import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EngineMetadata } from '../../../../src/worker/environment/engine-metadata.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'metadata-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function loaded(startup: Record<string, unknown>, failures: string[] = []): Promise<EngineMetadata> {
  const metadata = new EngineMetadata(join(dir, 'md.json'), (sentence) => failures.push(sentence));
  await metadata.load(startup);
  return metadata;
}

test('what one environment leaves goes before what the startup code of the next one says, but for versions', async () => {
  const first = await loaded({ beamline: 'A', versions: { x: '1' } });
  Object.assign(first.md, { beamline: 'B', scan_id: 7 });
  first.save();
  await first.saved();

  const second = await loaded({ beamline: 'A', versions: { x: '2' } });
  expect(second.md).toEqual({ beamline: 'B', scan_id: 7, versions: { x: '2' } });
});

test('many changes at once cost few writings, and the last one is on file', async () => {
  const metadata = await loaded({});
  for (let scanId = 1; scanId <= 100; scanId++) {
    metadata.md['scan_id'] = scanId;
    metadata.save();
  }
  await metadata.saved();

  expect(JSON.parse(readFileSync(join(dir, 'md.json'), 'utf8'))).toEqual({ scan_id: 100 });
});

test('a folder that is gone is told in a sentence', async () => {
  const failures: string[] = [];
  const metadata = await loaded({}, failures);
  rmSync(dir, { recursive: true });

  metadata.save();
  await metadata.saved();

  expect(failures).toEqual([expect.stringContaining("metadata is not kept in '")]);
  dir = mkdtempSync(join(tmpdir(), 'metadata-'));
});
