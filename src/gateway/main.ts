import { GatewaySettings } from '../config/process-settings.ts';
import { gatewaySecrets } from '../config/secrets.ts';
import { settingsIn } from '../config/settings-file.ts';
import { buildApp } from './app.ts';
import { makeLog } from './log.ts';
import { makeParts } from './parts.ts';

/** Clients have this long to see the end of what they asked for. */
const DRAIN_MS = 2000;

const log = makeLog('info');
const settings = settingsIn(GatewaySettings, process.argv.slice(2));
const parts = makeParts(settings, gatewaySecrets(), log);
const app = await buildApp(parts, log);

// Whoever started this process may end before it, and an interrupt on the terminal is for that one to act on.
process.on('disconnect', () => undefined);
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => {
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  void app
    .close()
    .then(() => parts.close())
    .then(() => process.exit(0));
});

parts.start();
const url = await app.listen({ host: settings.host, port: settings.port });
// Test suites of the original wait for this line, word for word.
log.info({ url }, 'Bluesky HTTP Server started successfully');
process.send?.({ type: 'ready', url });
