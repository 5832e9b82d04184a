import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ScriptedManager } from './scripted-manager.ts';

const BEAMGATE = join(import.meta.dirname, '../../bin/beamgate');

/** One run of `beamgate …` to its end. */
export function beamgate(words: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(BEAMGATE, words, { input, encoding: 'utf8' });
  return { status, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
}

/** `beamgate gateway --config …` as a process of its own, in front of a scripted manager. */
export async function startGatewayCommand(config: string) {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-command-'));
  const file = join(folder, 'config.yml');
  writeFileSync(file, config, { mode: 0o600 });
  const manager = await ScriptedManager.started();
  const addresses = ['--zmq-control-address', manager.controlAddress, '--zmq-info-address', manager.infoAddress];
  const words = ['gateway', '--config', file, '--data-dir', folder, '--port', '0', ...addresses];
  const child = spawn(BEAMGATE, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  return {
    folder,
    url: await urlOf(child),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      manager[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** From the line that it prints once it listens. What follows is read, too, so that the pipe does not fill. */
function urlOf(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = /"url":"([^"]+)","msg":"Bluesky HTTP Server started successfully"/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`the gateway ended before it listened:\n${output}`)));
  });
}
