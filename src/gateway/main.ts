import { GatewaySettings } from '../config/process-settings.ts';
import { environment } from '../config/environment.ts';
import { gatewayConfigAt } from '../config/gateway-values.ts';
import { gatewaySecrets } from '../config/secrets.ts';
import { settingsIn } from '../config/settings-file.ts';
import { configuredAccess } from './access.ts';
import { openAccounts } from './accounts-store.ts';
import { buildApp } from './app.ts';
import { makeLog } from './log.ts';
import { makeParts } from './parts.ts';

/** Clients have this long to see the end of what they asked for. */
const DRAIN_MS = 2000;

const log = makeLog('info');
const settings = settingsIn(GatewaySettings, process.argv.slice(2));
const configuration = gatewayConfigAt(settings.config, environment());
const access = configuredAccess(configuration, {
  lifetimes: settings.lifetimes,
  onError: (message) => log.error(message),
});
const secrets = gatewaySecrets();
const parts = makeParts(
  settings,
  { ...secrets, singleUserApiKey: configuration.singleUserApiKey ?? secrets.singleUserApiKey },
  log,
  await openAccounts(access.accounts, settings, secrets),
);
const app = await buildApp(parts, log);

// Whoever started this process may end before it, and an interrupt on the terminal is for that one to act on.
process.on('disconnect', () => undefined);
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => {
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  access.api.close();
  void app
    .close()
    .then(() => parts.close())
    .then(() => process.exit(0));
});

access.api.start();
parts.start();
const url = await app.listen({ host: settings.host, port: settings.port });
// Test suites of the original wait for this line, word for word.
log.info({ url }, 'Bluesky HTTP Server started successfully');
process.send?.({ type: 'ready', url });
// From here on others are served: what breaks for one ends nobody else's.
process.on('uncaughtException', (error) => log.error({ err: error }, 'something broke outside of any request'));
process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'something broke outside of any request'));
