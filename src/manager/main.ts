import { writeSync } from 'node:fs';
import { packageVersion } from '../config/code.ts';
import { managerSecrets } from '../config/manager-secrets.ts';
import { ManagerSettings } from '../config/process-settings.ts';
import { settingsIn } from '../config/settings-file.ts';
import { Manager } from './manager.ts';

/** The manager process: `node main.ts <settings.json>`. */
process.umask(0o077);
// A log that cannot be written (a broken pipe, a full disk) must not end the manager.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
// Ctrl-C in a terminal is meant for the supervisor, who ends its children in order.
process.on('SIGINT', () => undefined);

try {
  const manager = new Manager(settingsIn(ManagerSettings, process.argv.slice(2)), {
    version: packageVersion,
    secrets: managerSecrets(),
    print: (text) => void process.stdout.write(text),
    die: () => process.kill(process.pid, 'SIGKILL'),
  });
  process.once('SIGTERM', () => {
    void manager.stop();
    process.once('SIGTERM', () => process.exit(1));
  });
  process.on('uncaughtException', (error) => manager.log.fault(error));
  process.on('unhandledRejection', (reason) => manager.log.fault(reason));
  await manager.start();
  process.send?.({ type: 'ready' });
  // A supervisor that is gone must not be able to keep this process, nor this process wait for it.
  process.channel?.unref();
  await manager.ended;
} catch (error) {
  writeSync(2, `${(error as Error).message}\n`);
  process.exit(1);
}
process.exit(0);
