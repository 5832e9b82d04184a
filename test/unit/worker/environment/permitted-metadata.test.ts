import { expect, test } from 'vitest';
import { permittedMetadata } from '../../../../src/worker/environment/permitted-metadata.ts';

const metadata = { scan_id: 3, versions: { bluesky: '1', beamgate: '2' }, sample: { name: 'x', owner: { mail: 'y' } } };

// The original's answers to the same.
test.each([
  [['/'], metadata],
  [['/scan_id'], { scan_id: 3 }],
  [['/versions/'], { versions: metadata.versions }],
  [['/versions/bluesky', '/sample/owner'], { versions: { bluesky: '1' }, sample: { owner: { mail: 'y' } } }],
  [['/sample/owner/mail'], { sample: { owner: { mail: 'y' } } }],
  [['scan_id', '/none', '/scan'], {}],
])('%j permits what it names, with all below it', (paths, permitted) => {
  expect(permittedMetadata(metadata, paths)).toEqual(permitted);
});
