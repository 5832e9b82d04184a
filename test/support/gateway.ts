import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { AccountsConfig } from '../../src/auth/accounts-config.ts';
import type { GatewaySettings } from '../../src/config/process-settings.ts';
import { openAccounts } from '../../src/gateway/accounts-store.ts';
import { buildApp } from '../../src/gateway/app.ts';
import { makeLog } from '../../src/gateway/log.ts';
import { makeParts } from '../../src/gateway/parts.ts';
import { ScriptedManager } from './scripted-manager.ts';

export const KEY = 'test';
export const AUTHORIZED = { authorization: `ApiKey ${KEY}` };

interface Addresses {
  readonly controlAddress: string;
  readonly infoAddress: string;
  /** Publishes until it is heard, where the manager does not publish by itself. */
  untilHeard?(heard: Promise<unknown>): Promise<void>;
}
export interface WithAccounts {
  readonly accounts?: AccountsConfig | null;
  readonly accountsRedis?: string | null;
}
type Answer = ConstructorParameters<typeof ScriptedManager>[0];

/** One for all gateways of a test file that name none, gone with its process. */
let folder: string | undefined;
function dataDir(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), 'gateway-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return (folder = made);
}

/** Settings of a gateway on a free loopback port, in front of a manager at these addresses. */
export const gatewaySettings = (manager: Addresses, settings: Partial<GatewaySettings> = {}): GatewaySettings => ({
  data_dir: dataDir(),
  run_dir: dataDir(),
  host: '127.0.0.1',
  port: 0,
  zmq_control_address: manager.controlAddress,
  zmq_info_address: manager.infoAddress,
  zmq_encoding: 'json',
  zmq_public_key: null,
  single_user_key_file: null,
  allow_anonymous_access: false,
  allow_origins: [],
  lifetimes: { access_token_max_age: 900, refresh_token_max_age: 604_800, session_max_age: null },
  items_belong_to: 'everybody',
  config: null,
  custom_modules: [],
  ...settings,
});

/** A gateway that listens and hears its manager. */
export async function startGatewayBefore(
  manager: Addresses,
  settings: Partial<GatewaySettings> = {},
  { accounts = null, accountsRedis = null }: WithAccounts = {},
) {
  const lines: string[] = [];
  const sink = new PassThrough().on('data', (chunk: Buffer) => void lines.push(chunk.toString()));
  const log = makeLog('info', sink);
  const secrets = { singleUserApiKey: KEY, secretKeys: [], accountsRedis };
  const told = gatewaySettings(manager, settings);
  const opened = accounts === null ? null : await openAccounts(accounts, told, secrets);
  const parts = makeParts(told, secrets, log, opened);
  const app = await buildApp(parts, log);
  const heard = new Promise((resolve) => parts.manager.events.on('status', resolve));
  const connected = new Promise<void>((resolve) => {
    parts.manager.events.on('link', (link) => link === 'connected' && resolve());
  });
  parts.start();
  const url = await app.listen({ host: '127.0.0.1', port: settings.port ?? 0 });
  await connected;
  await manager.untilHeard?.(heard);
  await heard;
  return {
    app,
    url,
    log: lines,
    manager: parts.manager,
    /** With the key, unless `init` says otherwise. */
    ask: (path: string, init: RequestInit = {}) => fetch(url + path, { headers: AUTHORIZED, ...init }),
    async [Symbol.asyncDispose]() {
      await app.close();
      await parts.close();
    },
  };
}

/** A gateway in front of a scripted manager. */
export async function startGateway(
  answer?: Answer,
  settings: Partial<GatewaySettings> = {},
  withAccounts: WithAccounts = {},
) {
  const manager = await ScriptedManager.started(answer);
  const gateway = await startGatewayBefore(manager, settings, withAccounts);
  return {
    ...gateway,
    manager,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      manager[Symbol.dispose]();
    },
  };
}

/** One HTTP request written as it is: for what `fetch` refuses to send, such as GET with a body. */
export async function raw(url: string, head: string, body = ''): Promise<{ status: number; body: unknown }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = [
    ...head.split('\n'),
    `host: ${hostname}`,
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  await once(socket, 'close');
  const text = Buffer.concat(chunks).toString();
  const [, payload = ''] = text.split('\r\n\r\n', 2);
  return { status: Number(text.slice(9, 12)), body: payload === '' ? '' : (JSON.parse(payload) as unknown) };
}
