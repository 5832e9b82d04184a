import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { curveKeyPair } from 'zeromq';
import { ManagerClient } from '../../src/manager-client/manager-client.ts';
import type { ManagerClientOptions } from '../../src/manager-client/manager-client.ts';
import { queueItemAdd } from '../../src/protocol/methods/queue.ts';
import { status } from '../../src/protocol/methods/server.ts';
import { Beamline } from '../support/beamline.ts';
import { ManagerPlace } from '../support/manager-process.ts';

const PAIR = curveKeyPair();
const OTHER = curveKeyPair();
const ENCRYPTED = { QSERVER_ZMQ_PRIVATE_KEY_FOR_SERVER: PAIR.secretKey };

/** A client of this manager; `refused` is the first reason that it gives for not getting in. */
function clientOf({ settings }: ManagerPlace, options: Partial<ManagerClientOptions> = {}) {
  const client = new ManagerClient({
    controlAddress: settings.zmq_control_addr,
    infoAddress: settings.zmq_info_addr,
    timeoutMs: 5000,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
  const refused = new Promise<string>((resolve) => client.events.on('refused', ({ reason }) => resolve(reason)));
  const connected = new Promise<void>((resolve) => {
    client.events.on('link', (link) => link === 'connected' && resolve());
  });
  const frame = new Promise<unknown>((resolve) => client.events.on('status', ({ msg }) => resolve(msg)));
  client.start();
  const ask = async () => JSON.parse(await client.call(status, '{}')) as Record<string, unknown>;
  return { client, refused, connected, frame, ask, [Symbol.dispose]: () => client.close() };
}

describe('a manager with a private key', () => {
  test.each(['json', 'msgpack'] as const)('answers clients that have its public key, in %s', async (encoding) => {
    await using manager = await ManagerPlace.withoutWorker({ zmq_encoding: encoding }, ENCRYPTED);
    using client = clientOf(manager, { publicKey: PAIR.publicKey, encoding });

    expect(await client.ask()).toMatchObject({ manager_state: 'idle' });
    await manager.untilOutput('ZMQ control channels: encryption enabled');
  });

  test('publishes in the clear, as the original does', async () => {
    await using manager = await ManagerPlace.withoutWorker({}, ENCRYPTED);
    using client = clientOf(manager);
    expect(await client.frame).toMatchObject({ status: { manager_state: 'idle' } });
  });

  test('refuses a client with another key, and both ends say why', async () => {
    await using manager = await ManagerPlace.withoutWorker({}, ENCRYPTED);
    using client = clientOf(manager, { publicKey: OTHER.publicKey });

    expect(await client.refused).toContain(
      `hangs up when encryption is to begin: '${OTHER.publicKey}' (QSERVER_ZMQ_PUBLIC_KEY) is not its public key`,
    );
    await manager.untilOutput(
      `A client was refused: it encrypts for another key; the public key of this manager is '${PAIR.publicKey}'`,
    );
  });

  test('refuses a client without a key, and both ends say why', async () => {
    await using manager = await ManagerPlace.withoutWorker({}, ENCRYPTED);
    using client = clientOf(manager);

    expect(await client.refused).toContain('encrypts: set QSERVER_ZMQ_PUBLIC_KEY to its public key');
    await manager.untilOutput('A client was refused: it does not encrypt; the public key of this manager is');
  });

  test('never shows it: not in the log, nor in a command line or file', async () => {
    await using manager = await ManagerPlace.withoutWorker({ verbosity: 'debug' }, ENCRYPTED);
    using client = clientOf(manager, { publicKey: OTHER.publicKey });
    await client.refused;
    await manager.untilOutput('A client was refused');

    const commandLine = readFileSync(`/proc/${manager.managerPid}/cmdline`, 'utf8');
    const settings = readFileSync(join(manager.workers.dir, 'manager.json'), 'utf8');
    for (const text of [manager.output, commandLine, settings]) expect(text).not.toContain(PAIR.secretKey);
  });
});

describe('a manager without a key', () => {
  test('refuses a client that encrypts, and both ends say why; with the key, started anew, it takes that client', async () => {
    await using manager = await ManagerPlace.withoutWorker();
    using client = clientOf(manager, { publicKey: PAIR.publicKey });
    expect(await client.refused).toContain('does not encrypt at all');
    await manager.untilOutput('it encrypts, and this manager has no key (QSERVER_ZMQ_PRIVATE_KEY_FOR_SERVER)');

    await manager.killManager();
    manager.setEnvironment(ENCRYPTED);
    await manager.startManager();

    await client.connected;
    expect(await client.ask()).toMatchObject({ manager_state: 'idle' });
  });

  test('that is bound beyond loopback warns of it; on loopback, or with a key, it does not', async () => {
    const warning = 'without encryption: anyone on that network can run plans';
    const anywhere = { zmq_control_addr: 'tcp://0.0.0.0:*' };
    await using open = await ManagerPlace.withoutWorker(anywhere);
    await using local = await ManagerPlace.withoutWorker();
    await using locked = await ManagerPlace.withoutWorker(anywhere, ENCRYPTED);

    await open.untilOutput(warning);
    await local.untilOutput('encryption disabled'); // It is said after the warning.
    await locked.untilOutput('encryption enabled');
    expect(local.output).not.toContain(warning);
    expect(locked.output).not.toContain(warning);
  });
});

describe('msgpack', () => {
  test('carries requests, replies and frames, with floats as they were', async () => {
    await using manager = await ManagerPlace.withoutWorker({ zmq_encoding: 'msgpack' });
    using client = clientOf(manager, { encoding: 'msgpack' });
    await client.connected;
    const item = '{"item_type":"plan","name":"count","args":[["det1"]],"kwargs":{"num":2,"delay":1.0}}';

    const reply = await client.client.call(queueItemAdd, `{"item":${item},"user":"Ann","user_group":"primary"}`);

    expect(JSON.parse(reply)).toMatchObject({ success: true, qsize: 1 });
    expect(reply).toContain('"delay":1.0');
    expect(await client.frame).toMatchObject({ status: { manager_state: 'idle' } });
  });

  test.each([
    ['json', 'msgpack'],
    ['msgpack', 'json'],
  ] as const)('a client that speaks %s to a manager that speaks %s says so', async (encoding, zmq_encoding) => {
    await using manager = await ManagerPlace.withoutWorker({ zmq_encoding });
    using client = clientOf(manager, { encoding });
    await client.connected;

    await expect(client.ask()).rejects.toMatchObject({ code: 'MANAGER_SILENT' });
    expect(await client.refused).toContain('not in the encoding that this client speaks (QSERVER_ZMQ_ENCODING)');
  });
});

describe('beamgate start', () => {
  test('with a private key tells its gateway the public one, and the encoding', async () => {
    const elsewhere = { QSERVER_ZMQ_PUBLIC_KEY: OTHER.publicKey, QSERVER_ZMQ_ENCODING: 'json' };
    const environment = { ...ENCRYPTED, QSERVER_ZMQ_ENCODING_FOR_SERVER: 'msgpack', ...elsewhere };
    await using beamline = await Beamline.start({ environment });

    expect(await beamline.status()).toMatchObject({ manager_state: 'idle' });
    // And of the four processes the manager alone has the private one
    const holders = (['ioc', 'worker', 'manager', 'gateway'] as const).filter((name) =>
      readFileSync(`/proc/${beamline.pid(name)}/environ`, 'utf8').includes(PAIR.secretKey),
    );
    expect(holders).toEqual(['manager']);
    expect(beamline.output).not.toContain(PAIR.secretKey);
  });
});
