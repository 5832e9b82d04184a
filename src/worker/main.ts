import { packageVersion } from '../config/code.ts';
import { WorkerSettings } from '../config/process-settings.ts';
import { settingsIn } from '../config/settings-file.ts';
import { capturePrinting } from './console/capture.ts';
import { Worker } from './worker.ts';

/** The worker process: `node main.ts <settings.json>`. */
process.umask(0o077);
const worker = new Worker(settingsIn(WorkerSettings, process.argv.slice(2)), {
  version: packageVersion,
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
