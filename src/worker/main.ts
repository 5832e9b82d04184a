import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { WorkerSettings } from '../config/process-settings.ts';
import { capturePrinting } from './console/capture.ts';
import { Worker } from './worker.ts';

/** The worker process: `node main.ts <settings.json>`. */
process.umask(0o077);
const worker = new Worker(settingsIn(process.argv[2]), {
  version: packageVersion(),
  print: (line) => void process.stdout.write(line),
});

// A log that cannot be written (a broken pipe, a full disk) must not end a plan.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
capturePrinting([process.stdout, process.stderr], (text) => worker.link.console(text));

// Ctrl-C in a terminal is meant for the supervisor, who ends its children in order.
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => {
  void worker.shutDown('the worker was asked to end');
  process.once('SIGTERM', () => process.exit(1));
});
process.on('uncaughtException', (error) => worker.fault(error));
process.on('unhandledRejection', (reason) => worker.fault(reason));

try {
  await worker.start();
} catch (error) {
  worker.log('error', (error as Error).message);
  process.exit(1);
}
if (process.send) process.send({ type: 'ready' });
else worker.log('info', 'The worker is ready');
// A supervisor that is gone must not be able to keep this process, nor this process wait for it.
process.channel?.unref();
await worker.ended;
process.exit(0);

function settingsIn(file: string | undefined): WorkerSettings {
  if (file === undefined) throw new Error('usage: main.ts <settings.json>');
  const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (Value.Check(WorkerSettings, settings)) return settings;
  const [first] = Value.Errors(WorkerSettings, settings);
  throw new Error(`${file}: ${first?.instancePath ?? ''} ${first?.message ?? 'is not what the worker needs'}`);
}

function packageVersion(): string {
  // From src/worker the package lies two levels up, from dist/src/worker three.
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { version: string }).version;
    } catch {
      // It is the other one.
    }
  }
  return '0';
}
