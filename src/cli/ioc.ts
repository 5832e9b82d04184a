import type { Command } from 'commander';
import { integerOf } from '../config/setting.ts';
import { IOC_SETTINGS } from '../config/settings.ts';
import { becomeAlone } from './alone.ts';
import { resolved } from './options.ts';

/** `beamgate ioc`: the simulated IOC alone. */
export async function ioc(command: Command): Promise<void> {
  const { host, udpPort, tcpPort } = resolved(IOC_SETTINGS, command);
  const limits = { min: 0, max: 65535 };
  await becomeAlone('src/sim-ioc/main', {
    host: host.value,
    udpPort: integerOf('--udp-port', udpPort, limits),
    tcpPort: integerOf('--tcp-port', tcpPort, limits),
    database: 'demo',
  });
}
