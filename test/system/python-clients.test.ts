import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Beamline } from '../support/beamline.ts';

const run = promisify(execFile);
const inVenv = (name: string) => fileURLToPath(new URL(`../../.venv/bin/${name}`, import.meta.url));
const SESSION = fileURLToPath(new URL('peers/queueserver_api_session.py', import.meta.url));

async function session(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(inVenv('python'), [SESSION, ...args], { timeout: 90_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Record<string, unknown>;
}

function expectWholeSession(seen: Record<string, unknown>): void {
  const [first, second] = seen['added'] as string[];
  expect(seen).toMatchObject({ state_before: 'idle', has_plans: true, has_devices: true });
  expect(seen['done']).toEqual([
    [first, 'completed'],
    [second, 'completed'],
  ]);
}

test('the Python peers are installed', () => {
  expect(existsSync(inVenv('qserver'))).toBe(true);
});

describe('bluesky-queueserver-api 0.0.13, unchanged', () => {
  test('does a whole session over 0MQ', async () => {
    await using beamline = await Beamline.start();
    expectWholeSession(await session('ZMQ', beamline.controlAddress, beamline.infoAddress));
  });

  test('does a whole session over HTTP', async () => {
    await using beamline = await Beamline.start();
    expectWholeSession(await session('HTTP', beamline.url, 'test'));
  });
});

describe('qserver 0.0.25, unchanged', () => {
  test('opens, adds, starts, and shows status and history', async () => {
    await using beamline = await Beamline.start();
    const qserver = async (...words: string[]) => {
      const { stdout } = await run(inVenv('qserver'), [...words, '--zmq-control-addr', beamline.controlAddress]);
      return stdout;
    };

    expect(await qserver('status')).toContain("'manager_state': 'idle'");
    expect(await qserver('environment', 'open')).toContain("'success': True");
    await beamline.until((status) => status.worker_environment_state === 'idle' && status.manager_state === 'idle');
    const plan = "{'name': 'count', 'args': [['det1']], 'kwargs': {'num': 2}}";
    expect(await qserver('queue', 'add', 'plan', plan)).toContain("'success': True");
    expect(await qserver('queue', 'start')).toContain("'success': True");
    await beamline.until((status) => status.items_in_history === 1 && status.manager_state === 'idle');

    expect(await qserver('history', 'get')).toContain("'exit_status': 'completed'");
    expect(await qserver('environment', 'close')).toContain("'success': True");
  });
});
