import { startDemoIoc } from './demo-ioc.ts';
import type { Ioc } from './ioc.ts';
import { readSettings } from './settings.ts';

// The simulated IOC as a process: `node main.ts <settings.json>`.

let ioc: Ioc;
try {
  ioc = await startDemoIoc(readSettings(process.argv[2]));
} catch (error) {
  process.stderr.write(`simulated IOC: ${(error as Error).message}\n`);
  process.exit(1);
}

// It outlives the supervisor that started it: a new one adopts it. Ctrl-C is for the supervisor to act on.
process.on('disconnect', () => undefined);
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => void ioc.close().then(() => process.exit(0)));
process.stdout.on('error', () => undefined);

process.stdout.write(`simulated IOC ready: udp ${ioc.host}:${ioc.udpPort} tcp ${ioc.host}:${ioc.tcpPort}\n`);
process.send?.({ type: 'ready', udpPort: ioc.udpPort, tcpPort: ioc.tcpPort });
process.channel?.unref();
