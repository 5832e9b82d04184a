import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MANAGER = resolve(import.meta.dirname, '../../.venv/bin/start-re-manager');

/** The original's manager (`npm run setup:system` installs it) with a Redis of its own, on free loopback ports. */
export async function startPythonManager() {
  const folder = await mkdtemp(join(tmpdir(), 'beamgate-python-manager-'));
  const [redisPort, controlPort, infoPort] = await freePorts(3);
  const redis = spawn('redis-server', ['--port', `${redisPort}`, '--save', '', '--bind', '127.0.0.1'], { cwd: folder });
  await untilSays(redis, 'Ready to accept connections');
  const controlAddress = `tcp://127.0.0.1:${controlPort}`;
  const infoAddress = `tcp://127.0.0.1:${infoPort}`;
  const start = async () => {
    const started = spawn(
      MANAGER,
      // prettier-ignore
      ['--redis-addr', `127.0.0.1:${redisPort}`, '--zmq-control-addr', controlAddress, '--zmq-info-addr', infoAddress,
        '--zmq-publish-console', 'ON'],
      { cwd: folder, detached: true, env: { ...process.env, PYTHONUNBUFFERED: '1' } },
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
    async [Symbol.asyncDispose]() {
      await kill();
      const ended = once(redis, 'exit');
      redis.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** Resolves when the text is in the output of a process; rejects with all of it when the process ends first. */
function untilSays(child: ChildProcess, text: string): Promise<void> {
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

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
