import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Request } from 'zeromq';
import { RedisServer, untilSays } from './redis.ts';

const MANAGER = resolve(import.meta.dirname, '../../.venv/bin/start-re-manager');
const REPLY_MS = 10_000;

type Reply = Record<string, unknown> & { success: boolean; msg: string };

interface PythonManagerOptions {
  readonly redis?: RedisServer;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The original's manager (`npm run setup:system` installs it) on free loopback ports, with a Redis of its own or one that
 * the test has.
 */
export async function startPythonManager({ redis: given, args = [], environment = {} }: PythonManagerOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'beamgate-python-manager-'));
  const [controlPort, infoPort] = await freePorts(2);
  const redis = given ?? (await RedisServer.start());
  const controlAddress = `tcp://127.0.0.1:${controlPort}`;
  const infoAddress = `tcp://127.0.0.1:${infoPort}`;
  const start = async () => {
    const started = spawn(
      MANAGER,
      // prettier-ignore
      ['--redis-addr', redis.address.replace('redis://', ''), '--zmq-control-addr', controlAddress, '--zmq-info-addr',
        infoAddress, '--zmq-publish-console', 'ON', ...args],
      { cwd: folder, detached: true, env: { ...process.env, ...environment, PYTHONUNBUFFERED: '1' } },
    );
    await untilSays(started, 'ZeroMQ server is waiting on');
    return started;
  };
  let manager = await start();
  const kill = async () => {
    if (manager.exitCode !== null || manager.signalCode !== null) return;
    const ended = once(manager, 'exit');
    // It has children of its own: the group goes at once.
    process.kill(-(manager.pid as number), 'SIGKILL');
    await ended;
  };
  return {
    controlAddress,
    infoAddress,
    kill,
    async startAgain() {
      manager = await start();
    },
    async call(method: string, params: object = {}): Promise<Reply> {
      const request = new Request({ linger: 0, receiveTimeout: REPLY_MS });
      request.connect(controlAddress);
      try {
        await request.send(JSON.stringify({ method, params }));
        const [reply] = await request.receive();
        return JSON.parse(String(reply)) as Reply;
      } finally {
        request.close();
      }
    },
    async [Symbol.asyncDispose]() {
      await kill();
      if (!given) await redis[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
