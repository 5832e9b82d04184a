import type { Command } from 'commander';
import { dataFolders, makeFolders } from '../config/data-folders.ts';
import { gatewaySettings } from '../config/processes.ts';
import { ensureSingleUserKey } from '../config/single-user-key.ts';
import { DATA_SETTINGS } from '../config/settings.ts';
import { becomeAlone } from './alone.ts';
import { resolved } from './options.ts';
import { resolvedGateway } from './process-options.ts';

/** `beamgate gateway`: the HTTP server alone, in front of any manager, in place of `start-bluesky-httpserver`. */
export async function gateway(command: Command): Promise<void> {
  const folders = dataFolders(resolved(DATA_SETTINGS, command).dataDir.value ?? '');
  const values = resolvedGateway(command);
  const hasAccounts = values.configuration.providers.length > 0;
  const needsKey = values.singleUserApiKey.value === null && !hasAccounts;
  if (needsKey) {
    makeFolders(folders);
    const made = ensureSingleUserKey(folders);
    if (made !== null && process.stdout.isTTY) console.log(`The API key, shown this once: ${made}`);
    console.log(`Requests authenticate with: curl -H @${folders.authHeaderFile} ...`);
  }
  await becomeAlone('src/gateway/main', gatewaySettings(folders, values, needsKey ? folders.keyFile : null));
}
