import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

const PYTHON = resolve('.venv/bin/python');

/** A real IOC of EPICS base, from the Python package `epicscorelibs`, on loopback and ports of its own. */
export class CIoc {
  readonly port: number;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, environment: NodeJS.ProcessEnv) {
    this.port = port;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(database: string): Promise<CIoc> {
    if (!existsSync(PYTHON)) throw new Error(`no ${PYTHON}: run 'npm run setup:system' first`);
    const folder = await mkdtemp(join(tmpdir(), 'beamgate-ioc-'));
    await writeFile(join(folder, 'test.db'), database);
    const [server, repeater, pva, pvaBroadcast] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const ioc = new CIoc(server, folder, onLoopback({ server, repeater, pva, pvaBroadcast }));
    await ioc.boot();
    return ioc;
  }

  get searchAddress(): string {
    return `127.0.0.1:${this.port}`;
  }

  async boot(): Promise<void> {
    const process = spawn(PYTHON, ['-m', 'epicscorelibs.ioc', '-d', join(this.#folder, 'test.db')], {
      env: this.#environment,
      stdio: ['pipe', 'ignore', 'pipe'], // it ends when its standard input does
    });
    this.#process = process;
    const said: string[] = [];
    for await (const line of createInterface({ input: process.stderr })) {
      said.push(line);
      if (line.includes('IOC Running')) break;
    }
    if (process.exitCode !== null || !said.at(-1)?.includes('IOC Running')) throw new Error(said.join('\n'));
    process.stderr.resume();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    const exit = once(process, 'exit');
    process.kill('SIGKILL');
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }
}

function onLoopback(ports: Record<'server' | 'repeater' | 'pva' | 'pvaBroadcast', number>): NodeJS.ProcessEnv {
  const here = '127.0.0.1';
  return {
    PATH: '/usr/bin:/bin',
    EPICS_CA_SERVER_PORT: String(ports.server),
    EPICS_CAS_SERVER_PORT: String(ports.server),
    EPICS_CA_REPEATER_PORT: String(ports.repeater),
    EPICS_CA_ADDR_LIST: here,
    EPICS_CA_AUTO_ADDR_LIST: 'NO',
    EPICS_CAS_INTF_ADDR_LIST: here,
    EPICS_CAS_BEACON_ADDR_LIST: here,
    EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_PVA_SERVER_PORT: String(ports.pva),
    EPICS_PVA_BROADCAST_PORT: String(ports.pvaBroadcast),
    EPICS_PVA_ADDR_LIST: here,
    EPICS_PVA_AUTO_ADDR_LIST: 'NO',
    EPICS_PVAS_INTF_ADDR_LIST: here,
    EPICS_PVAS_BEACON_ADDR_LIST: here,
    EPICS_PVAS_AUTO_BEACON_ADDR_LIST: 'NO',
  };
}
