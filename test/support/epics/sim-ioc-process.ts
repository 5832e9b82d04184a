import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../src/sim-ioc/main.ts', import.meta.url));

/** The simulated IOC as the process that it is in a beamline. */
export class SimIocProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly udpPort: number;
  readonly tcpPort: number;
  readonly #folder: string;
  readonly #printed: readonly string[];

  private constructor(
    child: ChildProcess,
    ports: { udpPort: number; tcpPort: number },
    { folder, printed }: { folder: string; printed: readonly string[] },
  ) {
    this.child = child;
    this.udpPort = ports.udpPort;
    this.tcpPort = ports.tcpPort;
    this.#folder = folder;
    this.#printed = printed;
  }

  static async start(settings: Record<string, unknown> = {}): Promise<SimIocProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'sim-ioc-'));
    const file = join(folder, 'settings.json');
    writeFileSync(file, JSON.stringify({ host: '127.0.0.1', udpPort: 0, tcpPort: 0, database: 'demo', ...settings }));
    const child = fork(MAIN, [file], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const printed: string[] = [];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the simulated IOC ended with ${code} before it was ready`);
    });
    ended.catch(() => undefined); // once it is ready it may end
    const [ready] = (await Promise.race([once(child, 'message'), ended])) as [{ udpPort: number; tcpPort: number }];
    return new SimIocProcess(child, ready, { folder, printed });
  }

  /** All that it has printed so far. */
  get printed(): string {
    return this.#printed.join('');
  }

  /** EPICS_CA_* by which a client finds this IOC and no other. */
  get environment(): Record<string, string> {
    return { EPICS_CA_ADDR_LIST: `127.0.0.1:${this.udpPort}`, EPICS_CA_AUTO_ADDR_LIST: 'NO' };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
