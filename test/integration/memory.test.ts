import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { RunFiles } from '../../src/documents/run-files.ts';
import { simulatedHardware } from '../../src/worker/devices/sim/hardware.ts';
import { DocumentRecorder } from '../../src/worker/documents-out/document-recorder.ts';
import { DocumentsOut } from '../../src/worker/documents-out/documents-out.ts';
import { count } from '../../src/worker/plans/count.ts';
import { RunEngine } from '../../src/worker/run-engine/run-engine.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

test('200,000 points leave less than 20 MB in memory, in one run and in many', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'memory-'));
  const files = new RunFiles(folder, (sentence) => expect.fail(sentence));
  const documents = new DocumentsOut(new DocumentRecorder(files), null);
  const engine = new RunEngine({
    onDocument: (name, document) => documents.write(name, document),
    untilCaughtUp: () => documents.settled(),
  });
  const { det1 } = simulatedHardware();
  const counted = async (num: number): Promise<void> => {
    const outcome = await engine.run(count({ detectors: [det1], num }));
    expect(outcome).toMatchObject({ kind: 'finished', exit_status: 'success' });
    await documents.kept();
  };
  await counted(1000); // what is made once is there
  const before = heapBytes();

  await counted(100_000);
  for (let run = 0; run < 100; run++) await counted(1000);

  const growth = heapBytes() - before;
  await files.close();
  rmSync(folder, { recursive: true });
  expect(growth).toBeLessThan(20e6);
});
