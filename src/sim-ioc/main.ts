import { readFileSync } from 'node:fs';
import { startDemoIoc } from './demo-ioc.ts';
import type { Ioc } from './ioc.ts';

/**
 * The simulated IOC as a process: `node main.ts <settings.json>` with
 * `{"host": "127.0.0.1", "udpPort": 0, "tcpPort": 0, "beaconPort": null, "database": "demo"}`.
 */
interface Settings {
  host: string;
  udpPort: number;
  tcpPort: number;
  beaconPort?: number | null;
  database: 'demo';
}

const settings = settingsIn(process.argv[2]);
const { host, udpPort, tcpPort, beaconPort = null } = settings;
let ioc: Ioc;
try {
  ioc = await startDemoIoc({ host, udpPort, tcpPort, beaconPort });
} catch (error) {
  process.stderr.write(`simulated IOC: ${(error as Error).message}\n`);
  process.exit(1);
}

// It outlives the supervisor that started it: a new one adopts it. Ctrl-C is for the supervisor to act on.
process.on('disconnect', () => undefined);
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => void ioc.close().then(() => process.exit(0)));
process.stdout.on('error', () => undefined);

process.stdout.write(`simulated IOC ready: udp ${host}:${ioc.udpPort} tcp ${host}:${ioc.tcpPort}\n`);
process.send?.({ type: 'ready', udpPort: ioc.udpPort, tcpPort: ioc.tcpPort });
process.channel?.unref();

function settingsIn(file: string | undefined): Settings {
  if (file === undefined) throw new Error('usage: main.ts <settings.json>');
  const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<Settings>;
  const isPort = (port: unknown) => Number.isInteger(port) && Number(port) >= 0 && Number(port) < 65536;
  if (typeof read.host !== 'string' || !isPort(read.udpPort) || !isPort(read.tcpPort) || read.database !== 'demo') {
    throw new Error(`${file}: host, udpPort, tcpPort and database 'demo' are needed, received ${JSON.stringify(read)}`);
  }
  return read as Settings;
}
