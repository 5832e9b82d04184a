import { readFileSync } from 'node:fs';
import { Check, Errors } from 'typebox/value';
import { GatewaySettings } from '../config/process-settings.ts';
import { gatewaySecrets } from '../config/secrets.ts';
import { buildApp } from './app.ts';
import { makeLog } from './log.ts';
import { makeParts } from './parts.ts';

/** Clients have this long to see the end of what they asked for. */
const DRAIN_MS = 2000;

const log = makeLog('info');
const settings = readSettings(process.argv[2]);
const parts = makeParts(settings, gatewaySecrets(), log);
const app = await buildApp(parts, log);

// Whoever started this process may end before it, and an interrupt on the terminal is for that one to act on.
process.on('disconnect', () => undefined);
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => {
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  void app.close().then(() => {
    parts.close();
    process.exit(0);
  });
});

parts.start();
const url = await app.listen({ host: settings.host, port: settings.port });
// Test suites of the original wait for this line, word for word.
log.info({ url }, 'Bluesky HTTP Server started successfully');
process.send?.({ type: 'ready', url });

function readSettings(file: string | undefined): GatewaySettings {
  if (file === undefined) throw new Error('Usage: main.ts SETTINGS_FILE');
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (Check(GatewaySettings, read)) return read;
  const wrong = Errors(GatewaySettings, read).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  throw new Error(`Settings in ${file}: ${wrong.join('; ')}`);
}
