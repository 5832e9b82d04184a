// Writes every generated file of the repository; `--check` compares instead, and fails where one is out of date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { format } from 'prettier';
import { METHODS } from '../src/protocol/methods/index.ts';
import { openApiDocument } from '../src/gateway/open-api.ts';
import { describeDevices } from '../src/worker/startup/describe-devices.ts';
import { describePlans } from '../src/worker/startup/describe-plans.ts';
import { configurationPage, errorsPage, methodsPage, settingsPage, toolsPage } from './reference-pages.ts';
import type { ServedPaths } from './reference-pages.ts';
import { simProfile } from '../src/worker/startup/sim-profile/profile.ts';

const root = resolve(import.meta.dirname, '..');

/** A file, and what stands in it. */
const GENERATED: Readonly<Record<string, () => Promise<string>>> = {
  'openapi/openapi.json': async () => JSON.stringify(await openApiDocument()),
  'docs/reference/settings.md': async () => settingsPage(),
  'docs/reference/tools.md': async () => toolsPage(),
  'docs/reference/configuration.md': async () => configurationPage(),
  'docs/reference/errors.md': async () => errorsPage(),
  'docs/reference/methods.md': async () => methodsPage((await openApiDocument()) as ServedPaths),
  'src/manager/existing-lists/sim-lists.json': async () => JSON.stringify(simLists()),
  'src/cli/qserver/methods.json': async () => JSON.stringify(declaredMethods()),
};

/** What the command line needs of the declarations. To load them takes longer than all else that a command does. */
function declaredMethods(): object {
  const entries = [...METHODS.values()].map(({ name, summary, params }) => {
    return [name, { summary, params: Object.keys(params.properties) }] as const;
  });
  return Object.fromEntries(entries);
}

/** What a manager knows of the simulated profile before any worker has described it. */
function simLists(): object {
  const { namespace } = simProfile();
  const devices = describeDevices(namespace);
  return { plans: describePlans(namespace, devices), devices };
}

const isCheck = process.argv.includes('--check');
for (const [file, make] of Object.entries(GENERATED)) {
  const path = resolve(root, file);
  const text = await format(await make(), { filepath: path, printWidth: 120 });
  const isSame = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (isCheck && !isSame) {
    console.error(`${relative(root, path)} is out of date: run \`npm run generate\` and commit it.`);
    process.exitCode = 1;
  }
  if (isCheck || isSame) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${relative(root, path)}`);
}
