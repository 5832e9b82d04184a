import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A redis-server of its own on a free loopback port, and what a test does to it. It is gone after the test. */
export class RedisServer implements AsyncDisposable {
  readonly address: string;
  readonly folder = mkdtempSync(join(tmpdir(), 'redis-'));
  readonly #port: number;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;
  #client: Redis | undefined;

  private constructor(port: number, options: readonly string[]) {
    this.#port = port;
    this.#options = options;
    this.address = `redis://127.0.0.1:${port}`;
  }

  static async start(...options: string[]): Promise<RedisServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await once(server.close(), 'close');
    const redis = new RedisServer(port, options);
    await redis.startAgain();
    return redis;
  }

  /** With what its folder has, which is nothing unless it saves. */
  async startAgain(): Promise<void> {
    const own = ['--port', String(this.#port), '--bind', '127.0.0.1', '--save', '', '--dir', this.folder];
    const child = spawn('redis-server', [...own, ...this.#options], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    await untilSays(child, 'Ready to accept connections');
  }

  /** For looking at what is there, and for changing it behind a manager's back. */
  get client(): Redis {
    if (this.#client) return this.#client;
    this.#client = new Redis(this.address, { protocol: 2 });
    this.#client.on('error', () => undefined); // It may be down: that is the test.
    return this.#client;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** It answers nothing, and its connections stay. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }
  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.disconnect();
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }
}

/** Resolves when the text is in the output of a process; rejects with all of it when the process ends first. */
export function untilSays(child: ChildProcess, text: string): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(text)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${child.spawnfile} ended before it said '${text}':\n${output}`)));
  });
}
