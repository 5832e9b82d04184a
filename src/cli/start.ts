import { join } from 'node:path';
import type { Command } from 'commander';
import { demoStartup } from '../config/code.ts';
import { dataFolders, makeFolders } from '../config/data-folders.ts';
import type { DataFolders } from '../config/data-folders.ts';
import { environment, environmentWithoutEpics } from '../config/environment.ts';
import { gatewaySettings, managerSettings, workerSettings } from '../config/processes.ts';
import { resolveSettings } from '../config/setting.ts';
import { DATA_SETTINGS, GATEWAY_SETTINGS, MANAGER_SETTINGS } from '../config/settings.ts';
import { gatewaySecrets } from '../config/secrets.ts';
import { ensureSingleUserKey } from '../config/single-user-key.ts';
import { supervise } from '../supervisor/main.ts';
import { childPlan, leftBehind, supervisorPlan } from './child-plans.ts';
import { resolved } from './options.ts';
import { refuseHeldPorts } from './ports.ts';

const LOOPBACK = '127.0.0.1';

/** `beamgate start`: a complete beamline on this machine, its simulated IOC included, until it is stopped. */
export async function start(command: Command): Promise<void> {
  const folders = dataFolders(resolved(DATA_SETTINGS, command).dataDir.value ?? '');
  const manager = resolved(MANAGER_SETTINGS, command);
  const http = resolved(GATEWAY_SETTINGS, command);
  const control = manager.zmqControlAddr.value ?? '';
  const info = manager.zmqInfoAddr.value ?? '';
  // The gateway of this beamline speaks to the manager of this beamline, whatever the shell points clients at.
  const gateway = resolveSettings(GATEWAY_SETTINGS, {
    options: {
      host: http.host.value ?? LOOPBACK,
      port: http.port.value ?? '0',
      zmqControlAddress: control,
      zmqInfoAddress: info,
    },
    environment: environment(),
    file: new Map(),
  });
  makeFolders(folders);
  const hasKeyInEnvironment = gatewaySecrets().singleUserApiKey !== null;

  const log = (line: string) => console.log(`[supervisor] ${line}`);
  const plan = supervisorPlan(folders, {
    what: 'beamgate start',
    log,
    steps: [
      () =>
        childPlan(
          'ioc',
          folders,
          { host: LOOPBACK, udpPort: 0, tcpPort: 0, database: 'demo' },
          environmentWithoutEpics(),
        ),
      (announcedBy) => {
        const startup = { profile: null, dir: null, module: demoStartup() };
        const epics = epicsOf(announcedBy('ioc'));
        return childPlan('worker', folders, workerSettings(folders, startup, epics), environmentWithoutEpics());
      },
      () =>
        childPlan(
          'manager',
          folders,
          { ...managerSettings(folders, manager), zmq_publish_console: true },
          environment(),
        ),
      () => {
        const keyFile = hasKeyInEnvironment ? null : folders.keyFile;
        return childPlan('gateway', folders, gatewaySettings(folders, gateway, keyFile), environment());
      },
    ],
  });

  let madeKey: string | null = null;
  await supervise(
    {
      ...plan,
      beforeStart: async () => {
        await refuseHeldPorts([`tcp://${LOOPBACK}:${gateway.port.value}`, control, info], leftBehind(folders));
        madeKey = hasKeyInEnvironment ? null : ensureSingleUserKey(folders);
      },
    },
    (supervisor) => {
      const { url } = supervisor.announcedBy('gateway') as { url: string };
      announce(folders, url, supervisor.announcedBy('ioc'), hasKeyInEnvironment);
      if (madeKey !== null && process.stdout.isTTY) console.log(`The API key, shown this once: ${madeKey}\n`);
    },
  );
}

function epicsOf({ udpPort }: Readonly<Record<string, unknown>>): Record<string, string> {
  return {
    EPICS_CA_ADDR_LIST: LOOPBACK,
    EPICS_CA_AUTO_ADDR_LIST: 'NO',
    EPICS_CA_SERVER_PORT: String(udpPort),
  };
}

function announce(
  folders: DataFolders,
  url: string,
  { udpPort }: Readonly<Record<string, unknown>>,
  hasKeyInEnvironment: boolean,
): void {
  const auth = hasKeyInEnvironment
    ? `-H "Authorization: ApiKey $QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY"`
    : `-H @${folders.authHeaderFile}`;
  const item = '{"item": {"item_type": "plan", "name": "scan", "args": [["peak"], "m1", -1, 1, 11]}}';
  console.log(`
Beamgate is ready: ${url}   (API pages: ${url}/docs)

Try, in another terminal:
  curl ${auth} -X POST ${url}/api/environment/open
  curl ${auth} ${url}/api/queue/item/add -H 'Content-Type: application/json' -d '${item}'
  curl ${auth} -X POST ${url}/api/queue/start

Data goes to ${folders.dataDir}: runs in ${join(folders.dataDir, 'runs')}, logs in ${folders.logDir}
The simulated IOC answers to EPICS_CA_ADDR_LIST=${LOOPBACK} EPICS_CA_SERVER_PORT=${String(udpPort)}
Stop with Ctrl-C, or from anywhere with: beamgate stop --data-dir ${folders.dataDir}
`);
}
