import { Command } from 'commander';
import { packageVersion } from '../config/code.ts';
import { DATA_SETTINGS, GATEWAY_SETTINGS, IOC_SETTINGS, MANAGER_SETTINGS } from '../config/settings.ts';
import type { SettingsTable } from '../config/setting.ts';
import { addOptions } from './options.ts';

/** Everything `beamgate` can be asked, each command with the settings it takes. Code is loaded for the one that runs. */
interface Entry {
  readonly name: string;
  readonly says: string;
  readonly tables: readonly SettingsTable[];
  readonly run: (command: Command) => Promise<void>;
}

const { host, port } = GATEWAY_SETTINGS;

const ENTRIES: readonly Entry[] = [
  {
    name: 'start',
    says: 'Start a complete beamline: simulated IOC, worker, manager and gateway.',
    tables: [DATA_SETTINGS, { host, port }, MANAGER_SETTINGS],
    run: async (command) => (await import('./start.ts')).start(command),
  },
  {
    name: 'stop',
    says: 'Stop everything that runs on a data directory.',
    tables: [DATA_SETTINGS],
    run: async (command) => (await import('./running.ts')).stop(command),
  },
  {
    name: 'ps',
    says: 'Show what runs on a data directory.',
    tables: [DATA_SETTINGS],
    run: async (command) => (await import('./running.ts')).ps(command),
  },
  {
    name: 'manager',
    says: 'Start the RE Manager with its worker, in place of start-re-manager.',
    tables: [DATA_SETTINGS, MANAGER_SETTINGS],
    run: async (command) => (await import('./manager.ts')).manager(command),
  },
  {
    name: 'gateway',
    says: 'Start the HTTP server, in place of start-bluesky-httpserver.',
    tables: [DATA_SETTINGS, GATEWAY_SETTINGS],
    run: async (command) => (await import('./gateway.ts')).gateway(command),
  },
  {
    name: 'worker',
    says: 'Start one worker process alone.',
    tables: [DATA_SETTINGS, MANAGER_SETTINGS],
    run: async (command) => (await import('./worker.ts')).worker(command),
  },
  {
    name: 'check-config',
    says: 'Show each effective setting and where it comes from.',
    tables: [DATA_SETTINGS, MANAGER_SETTINGS, { host, port }],
    run: async (command) => (await import('./check-config.ts')).checkConfig(command),
  },
  {
    name: 'ioc',
    says: 'Start the simulated IOC alone.',
    tables: [IOC_SETTINGS],
    run: async (command) => (await import('./ioc.ts')).ioc(command),
  },
];

const program = new Command('beamgate')
  .description('Remote experiment control at a beamline.')
  .version(packageVersion)
  .showHelpAfterError('(see beamgate --help)');
for (const { name, says, tables, run } of ENTRIES) {
  const command = program.command(name).description(says);
  for (const table of tables) addOptions(command, table);
  command.action(() => run(command));
}

try {
  await program.parseAsync();
} catch (error) {
  // What people can act on is one sentence; a stack would hide it.
  console.error(`beamgate: ${(error as Error).message}`);
  process.exitCode = 1;
}
