import { once } from 'node:events';
import type { Command } from 'commander';
import { CONSOLE_MONITOR_SETTINGS } from '../../config/tool-settings.ts';
import { InfoSubscription } from '../../manager-client/info-subscription.ts';
import { wireEncodingNamed } from '../../protocol/wire-encoding.ts';
import { resolvedTool } from '../options.ts';

/** `beamgate console-monitor`: what the manager and its worker print, as it is published, until Ctrl-C. */
export async function consoleMonitor(command: Command): Promise<void> {
  const { zmqInfoAddr, zmqEncoding } = resolvedTool(CONSOLE_MONITOR_SETTINGS, command);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  // Whoever read it is gone, as `head` is after its lines.
  process.stdout.once('error', () => stop.abort());
  const subscription = new InfoSubscription(
    zmqInfoAddr.value ?? '',
    wireEncodingNamed(zmqEncoding.value),
    (topic, { msg }) => {
      if (topic === 'console' && typeof msg === 'string') process.stdout.write(msg);
    },
  );
  subscription.start();
  await once(stop.signal, 'abort');
  subscription.close();
}
