import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { curveKeyPair } from 'zeromq';
import { KEY, startGatewayBefore } from '../support/gateway.ts';
import { ManagerPlace } from '../support/manager-process.ts';
import { startPythonManager } from '../support/python-manager.ts';

const run = promisify(execFile);
const inVenv = (name: string) => fileURLToPath(new URL(`../../.venv/bin/${name}`, import.meta.url));
const PAIR = curveKeyPair();
const OTHER = curveKeyPair();
const SERVER = { QSERVER_ZMQ_PRIVATE_KEY_FOR_SERVER: PAIR.secretKey };

/** What the original's `qserver status` prints, whatever its exit code. */
async function qserverStatus(address: string, environment: Record<string, string>): Promise<string> {
  const args = ['status', '--zmq-control-addr', address];
  const ended = run(inVenv('qserver'), args, { env: { ...process.env, ...environment } });
  const { stdout, stderr } = await ended.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

/** A plan goes in through our gateway and stands in the queue; floats come back as they went. */
async function expectServedBy(gateway: Awaited<ReturnType<typeof startGatewayBefore>>): Promise<void> {
  const added = await fetch(`${gateway.url}/api/queue/item/add`, {
    method: 'POST',
    headers: { authorization: `ApiKey ${KEY}`, 'content-type': 'application/json' },
    body: '{"item": {"item_type": "plan", "name": "count", "args": [["det1"]], "kwargs": {"num": 2, "delay": 1.0}}}',
  });
  expect(await added.json()).toMatchObject({ success: true, qsize: 1 });
  const queue = await (await gateway.ask('/api/queue/get')).text();
  expect(queue).toMatch(/"delay": ?1\.0/);
}

describe("our manager with a private key, and the original's clients", () => {
  test('qserver gets in with the public key, by json and by msgpack', async () => {
    for (const encoding of ['json', 'msgpack'] as const) {
      await using manager = await ManagerPlace.withoutWorker({ zmq_encoding: encoding }, SERVER);
      const environment = { QSERVER_ZMQ_PUBLIC_KEY: PAIR.publicKey, QSERVER_ZMQ_ENCODING: encoding };
      expect(await qserverStatus(manager.settings.zmq_control_addr, environment)).toContain("'manager_state': 'idle'");
    }
  });

  test.each([
    ['another key', { QSERVER_ZMQ_PUBLIC_KEY: OTHER.publicKey }, 'it encrypts for another key'],
    ['no key', { QSERVER_ZMQ_PUBLIC_KEY: '' }, 'it does not encrypt'],
  ])('qserver with %s times out, and the log of the manager says why', async (_, environment, reason) => {
    await using manager = await ManagerPlace.withoutWorker({}, SERVER);
    expect(await qserverStatus(manager.settings.zmq_control_addr, environment)).toContain('timeout occurred');
    await manager.untilOutput(`A client was refused: ${reason}`);
  });
});

describe("our gateway, and the original's manager", () => {
  test('with a private key', async () => {
    await using manager = await startPythonManager({ environment: SERVER });
    await using gateway = await startGatewayBefore(manager, { zmq_public_key: PAIR.publicKey });
    await expectServedBy(gateway);
  });

  test('by msgpack', async () => {
    await using manager = await startPythonManager({ args: ['--zmq-encoding', 'msgpack'] });
    await using gateway = await startGatewayBefore(manager, { zmq_encoding: 'msgpack' });
    await expectServedBy(gateway);
  });
});
