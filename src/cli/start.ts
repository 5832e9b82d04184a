import { join } from 'node:path';
import type { Command } from 'commander';
import { demoStartup } from '../config/code.ts';
import { dataFolders, makeFolders } from '../config/data-folders.ts';
import type { DataFolders } from '../config/data-folders.ts';
import {
  environment,
  environmentWithoutEpics,
  environmentWithoutSecrets,
  epicsEnvironment,
  gatewayEnvironment,
  managerEnvironment,
} from '../config/environment.ts';
import { documentsOf } from '../config/documents-out.ts';
import { gatewaySettings, managerSettings, workerSettings } from '../config/processes.ts';
import { gatewayValues } from '../config/gateway-values.ts';
import { DATA_SETTINGS } from '../config/settings.ts';
import { ensureSingleUserKey } from '../config/single-user-key.ts';
import { startupOf } from '../config/startup-code.ts';
import { curvePublicKey } from '../lib/curve-keys.ts';
import { supervise } from '../supervisor/main.ts';
import type { ChildStep } from '../supervisor/supervisor.ts';
import { childPlan, leftBehind, supervisorPlan } from './child-plans.ts';
import { resolved } from './options.ts';
import { resolvedManager } from './process-options.ts';
import { refuseHeldPorts } from './ports.ts';

const LOOPBACK = '127.0.0.1';
const DEMO_IOC = { host: LOOPBACK, udpPort: 0, tcpPort: 0, database: 'demo' };

/**
 * `beamgate start`: a complete beamline on this machine until it is stopped. Without startup code of its own it is the demo
 * beamline, with its simulated IOC.
 */
export async function start(command: Command): Promise<void> {
  const folders = dataFolders(resolved(DATA_SETTINGS, command).dataDir.value ?? '');
  const manager = resolvedManager(command);
  const code = startupOf(manager);
  const isDemo = !code.isNamed;
  const http = command.optsWithGlobals<{ host?: string; port?: string }>();
  const control = manager.zmqControlAddr.value ?? '';
  const info = manager.zmqInfoAddr.value ?? '';
  const privateKey = manager.zmqPrivateKey.value;
  // The gateway of this beamline speaks to the manager of this beamline, whatever the shell points clients at.
  const gateway = {
    ...gatewayValues({
      options: {
        host: http.host,
        port: http.port,
        zmqControlAddress: fromHere(control),
        zmqInfoAddress: fromHere(info),
        zmqEncoding: manager.zmqEncoding.value ?? undefined,
      },
      environment: environment(),
    }),
    zmqPublicKey: { ...manager.zmqPrivateKey, value: privateKey === null ? null : curvePublicKey(privateKey) },
  };
  makeFolders(folders);
  const settings = managerSettings(folders, manager, code);
  // Browsers show the console: here it is published unless somebody says no.
  const publishing = manager.zmqPublishConsole.origin === 'default' ? { zmq_publish_console: true } : {};
  const hasAccounts = gateway.configuration.providers.length > 0;
  const needsKey = gateway.singleUserApiKey.value === null && !hasAccounts;

  const workerStep: ChildStep = (announcedBy) => {
    const startup = isDemo ? { profile: null, dir: null, module: demoStartup() } : code.startup;
    const epics = isDemo ? epicsOf(announcedBy('ioc')) : epicsEnvironment();
    const own = workerSettings(folders, manager, { startup, epics });
    return childPlan('worker', folders, own, isDemo ? environmentWithoutEpics() : environmentWithoutSecrets());
  };
  const log = (line: string) => console.log(`[supervisor] ${line}`);
  const plan = supervisorPlan(folders, {
    what: 'beamgate start',
    log,
    steps: [
      ...(isDemo ? [() => childPlan('ioc', folders, DEMO_IOC, environmentWithoutEpics())] : []),
      ...(manager.worker.value === 'external' ? [] : [workerStep]),
      () => childPlan('manager', folders, { ...settings, ...publishing }, managerEnvironment(manager)),
      () => {
        const keyFile = needsKey ? folders.keyFile : null;
        return childPlan('gateway', folders, gatewaySettings(folders, gateway, keyFile), gatewayEnvironment());
      },
    ],
  });

  let madeKey: string | null = null;
  await supervise(
    {
      ...plan,
      beforeStart: async () => {
        const documents = documentsOf(manager)?.bind ?? [];
        const addresses = [`tcp://${LOOPBACK}:${gateway.port.value}`, control, info, documents].flat();
        await refuseHeldPorts(addresses, leftBehind(folders));
        madeKey = needsKey ? ensureSingleUserKey(folders) : null;
      },
    },
    (supervisor) => {
      const { url } = supervisor.announcedBy('gateway') as { url: string };
      announce(
        folders,
        url,
        isDemo ? supervisor.announcedBy('ioc') : null,
        headerOf({ needsKey, hasAccounts, folders }),
      );
      if (madeKey !== null && process.stdout.isTTY) console.log(`The API key, shown this once: ${madeKey}\n`);
    },
  );
}

/** Where a process of this machine finds what is bound to all addresses. */
const fromHere = (address: string): string => address.replace(/^tcp:\/\/(\*|0\.0\.0\.0):/, `tcp://${LOOPBACK}:`);

function epicsOf({ udpPort }: Readonly<Record<string, unknown>>): Record<string, string> {
  return {
    EPICS_CA_ADDR_LIST: LOOPBACK,
    EPICS_CA_AUTO_ADDR_LIST: 'NO',
    EPICS_CA_SERVER_PORT: String(udpPort),
  };
}

/** How curl says who asks. */
function headerOf(keys: { needsKey: boolean; hasAccounts: boolean; folders: DataFolders }): string {
  const { needsKey, hasAccounts, folders } = keys;
  if (needsKey) return `-H @${folders.authHeaderFile}`;
  return hasAccounts
    ? '-H "Authorization: Bearer $ACCESS_TOKEN"'
    : '-H "Authorization: ApiKey $QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY"';
}

function announce(
  folders: DataFolders,
  url: string,
  ioc: Readonly<Record<string, unknown>> | null,
  auth: string,
): void {
  const item = '{"item": {"item_type": "plan", "name": "scan", "args": [["peak"], "m1", -1, 1, 11]}}';
  const aScan = `\n  curl ${auth} ${url}/api/queue/item/add -H 'Content-Type: application/json' -d '${item}'`;
  const simulated = `\nThe simulated IOC answers to EPICS_CA_ADDR_LIST=${LOOPBACK} EPICS_CA_SERVER_PORT=${String(ioc?.['udpPort'])}`;
  console.log(`
Beamgate is ready: ${url}   (API pages: ${url}/docs)

Try, in another terminal:
  curl ${auth} -X POST ${url}/api/environment/open${ioc ? aScan : ''}
  curl ${auth} -X POST ${url}/api/queue/start

Data goes to ${folders.dataDir}: runs in ${join(folders.dataDir, 'runs')}, logs in ${folders.logDir}${ioc ? simulated : ''}
Stop with Ctrl-C, or from anywhere with: beamgate stop --data-dir ${folders.dataDir}
`);
}
