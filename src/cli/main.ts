import { Command } from 'commander';
import { packageVersion } from '../config/code.ts';
import { CHECK_SETTINGS, DATA_SETTINGS, GATEWAY_SETTINGS, IOC_SETTINGS, MANAGER_SETTINGS } from '../config/settings.ts';
import {
  CLEAR_LOCK_SETTINGS,
  CONSOLE_MONITOR_SETTINGS,
  KEYS_SETTINGS,
  LIST_SETTINGS,
  QSERVER_SETTINGS,
  STARTUP_SETTINGS,
  ZMQ_KEYS_SETTINGS,
} from '../config/tool-settings.ts';
import type { SettingsTable } from '../config/setting.ts';
import { addOptions } from './options.ts';

/** Everything `beamgate` can be asked, each command with the settings it takes. Code is loaded for the one that runs. */
interface Entry {
  readonly name: string;
  readonly says: string;
  readonly tables: readonly SettingsTable[];
  /** What may follow its name, as commander writes it. */
  readonly takes?: string;
  /** A tool of the originals: scripts know its exit codes. */
  readonly replacesPython?: true;
  /** What stands below its options in `--help`. */
  readonly help?: () => Promise<string>;
  readonly run: (command: Command, words: readonly string[]) => Promise<void>;
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
    tables: [DATA_SETTINGS, MANAGER_SETTINGS, { host, port }, CHECK_SETTINGS],
    run: async (command) => (await import('./check-config.ts')).checkConfig(command),
  },
  {
    name: 'backup',
    says: 'Copy a data directory to a new folder, while everything on it goes on.',
    tables: [DATA_SETTINGS],
    takes: '<folder>',
    run: async (command, [folder = '']) => (await import('./backup/main.ts')).backup(folder, command),
  },
  {
    name: 'passwd',
    says: 'Hash a password for the configuration: asked for on a terminal, else the first line of stdin.',
    tables: [],
    run: async () => (await import('./passwd.ts')).passwd(),
  },
  {
    name: 'keys',
    says: 'API keys: list, create, revoke FIRST_EIGHT, or import FILE from the SQLite file of a bluesky-httpserver.',
    tables: [DATA_SETTINGS, KEYS_SETTINGS],
    takes: '<action...>',
    run: async (command, words) => (await import('./keys/main.ts')).keys(words, command),
  },
  {
    name: 'ioc',
    says: 'Start the simulated IOC alone.',
    tables: [IOC_SETTINGS],
    run: async (command) => (await import('./ioc.ts')).ioc(command),
  },
  {
    name: 'qserver',
    says: 'Send one command to a manager, in place of qserver.',
    tables: [QSERVER_SETTINGS],
    takes: '<command...>',
    replacesPython: true,
    help: async () => (await import('./qserver/help.ts')).help(),
    run: async (command, words) => (await import('./qserver/main.ts')).qserver(words, command),
  },
  {
    name: 'console-monitor',
    says: 'Show what manager and worker print, in place of qserver-console-monitor.',
    tables: [CONSOLE_MONITOR_SETTINGS],
    replacesPython: true,
    run: async (command) => (await import('./console-monitor/main.ts')).consoleMonitor(command),
  },
  {
    name: 'zmq-keys',
    says: 'Make a pair of keys for an encrypted control socket, in place of qserver-zmq-keys.',
    tables: [ZMQ_KEYS_SETTINGS],
    replacesPython: true,
    run: async (command) => (await import('./zmq-keys.ts')).zmqKeys(command),
  },
  {
    name: 'clear-lock',
    says: 'Take away the lock of a manager whose key is lost, in place of qserver-clear-lock.',
    tables: [DATA_SETTINGS, CLEAR_LOCK_SETTINGS],
    replacesPython: true,
    run: async (command) => (await import('./clear-lock.ts')).clearLock(command),
  },
  {
    name: 'list-plans-devices',
    says: 'Write the plans and devices of startup code to a file, in place of qserver-list-plans-devices.',
    tables: [LIST_SETTINGS, STARTUP_SETTINGS],
    replacesPython: true,
    run: async (command) => (await import('./list-plans-devices/main.ts')).listPlansDevices(command),
  },
];

/** Python's, for a command line that is none. */
const USAGE_EXIT_CODE = 2;

const program = new Command('beamgate')
  .description('Remote experiment control at a beamline.')
  .version(packageVersion)
  .showHelpAfterError('(see beamgate --help)');
for (const { name, says, tables, takes, replacesPython, help, run } of ENTRIES) {
  const command = program.command(name).description(says);
  for (const table of tables) addOptions(command, table);
  if (takes !== undefined) command.argument(takes);
  // Of the command that runs alone: the others' code is not to be loaded.
  if (help !== undefined && process.argv[2] === name) command.addHelpText('after', await help());
  if (replacesPython) command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE));
  // What it takes comes first, as one word or several; where it takes nothing the options do.
  command.action((words: string | string[]) => run(command, takes === undefined ? [] : [words].flat()));
}

try {
  await program.parseAsync();
} catch (error) {
  // What people can act on is one sentence; a stack would hide it.
  console.error(`beamgate: ${(error as Error).message}`);
  process.exitCode = 1;
}
