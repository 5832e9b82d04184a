import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { curveKeyPair } from 'zeromq';
import { ManagerClient } from '../../src/manager-client/manager-client.ts';
import type { Method } from '../../src/protocol/methods/define-method.ts';
import { lock, unlock } from '../../src/protocol/methods/lock.ts';
import { status } from '../../src/protocol/methods/server.ts';
import { beamgate, freePorts } from '../support/beamline.ts';
import { ManagerCommand } from '../support/manager-command.ts';
import { aFolder } from '../support/supervised.ts';

const EMERGENCY = 'break-the-glass';

/** A folder with the config of a manager on free ports, in two files, with secrets. */
async function configFolder() {
  const folder = aFolder();
  const [controlPort, infoPort] = await freePorts(2);
  const pair = curveKeyPair();
  const controlAddress = `tcp://127.0.0.1:${controlPort}`;
  const infoAddress = `tcp://127.0.0.1:${infoPort}`;
  const config = join(folder.path, 'config');
  mkdirSync(config);
  writeFileSync(
    join(config, 'network.yml'),
    `network:\n  zmq_control_addr: ${controlAddress}\n  zmq_info_addr: $INFO_ADDRESS\n` +
      `  zmq_encoding: msgpack\n  zmq_private_key: "${pair.secretKey}"\n`,
  );
  writeFileSync(
    join(config, 'operation.yml'),
    `operation:\n  emergency_lock_key: ${EMERGENCY}\nworker:\n  permitted_re_metadata_keys: [/scan_id]\n`,
  );
  return {
    path: folder.path,
    config,
    pair,
    controlAddress,
    infoAddress,
    environment: { INFO_ADDRESS: infoAddress },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe('beamgate manager --config', () => {
  test('takes addresses, encoding and secrets from the files', async () => {
    using folder = await configFolder();
    const { config, pair, controlAddress, infoAddress, environment } = folder;
    await using manager = await ManagerCommand.start(['--config', config], environment);
    const client = new ManagerClient({
      controlAddress,
      infoAddress,
      encoding: 'msgpack',
      publicKey: pair.publicKey,
      timeoutMs: 5000,
      onError: () => undefined,
    });
    client.start();
    const ask = async (method: Method, params: object) =>
      JSON.parse(await client.call(method, JSON.stringify(params))) as Record<string, unknown>;

    // Then the keys of the file hold, both of them
    expect(await ask(status, {})).toMatchObject({ manager_state: 'idle' });
    const locked = { environment: true, lock_key: 'mine', user: 'Ann' };
    expect(await ask(lock, locked)).toMatchObject({ success: true });
    expect(await ask(unlock, { lock_key: EMERGENCY })).toMatchObject({ success: true });
    client.close();

    // And nobody reads them who is not the manager
    for (const secret of [pair.secretKey, EMERGENCY]) {
      const { environment: own, ...seen } = manager.process('manager');
      expect(own).toContain(secret);
      expect(Object.values(seen).join('')).not.toContain(secret);
      expect(Object.values(manager.process('worker')).join('')).not.toContain(secret);
      expect(manager.output).not.toContain(secret);
    }
  });

  test('writes the settings that hold where tests of the original ask for it, for their owner alone', async () => {
    using folder = await configFolder();
    const { config, pair, controlAddress, environment, path } = folder;
    const saved = join(path, 'settings.yaml');
    await using _ = await ManagerCommand.start(['--config', config, '--zmq-encoding=json', '--device-max-depth=3'], {
      ...environment,
      QSERVER_SETTINGS_SAVE_TO_FILE: saved,
    });

    expect(parse(readFileSync(saved, 'utf8'))).toMatchObject({
      demo_mode: true,
      device_max_depth: 3,
      emergency_lock_key: EMERGENCY,
      permitted_re_metadata_keys: ['/scan_id'],
      redis_addr: null,
      redis_name_prefix: 'qs_default',
      zmq_control_addr: controlAddress,
      zmq_encoding: 'json',
      zmq_private_key: pair.secretKey,
      ipython_kernel_ip: 'localhost',
      console_logging_level: 20,
    });
    expect(statSync(saved).mode & 0o077).toBe(0);
  });

  test.each([
    ['network: {redis_adr: x}', "config.yml:1: unknown key 'network/redis_adr' (Did you mean 'network/redis_addr'?)"],
    ['worker: {use_ipython_kernel: true}', 'worker/use_ipython_kernel (', 'needs the Python worker'],
    ['network: {zmq_private_key: short}', 'must be a key of 40 characters in z85, received 5 characters'],
  ])('refuses %s, and so does check-config', async (text, ...sentences) => {
    using folder = aFolder();
    const file = join(folder.path, 'config.yml');
    writeFileSync(file, text);
    for (const command of ['manager', 'check-config']) {
      const { code, output } = await beamgate([command, '--config', file, '--data-dir', folder.path]);
      expect(code).toBe(1);
      for (const sentence of sentences) expect(output).toContain(sentence);
    }
  });
});

describe('beamgate check-config', () => {
  test('names the line of the file that a value comes from, and shows no secret', async () => {
    using folder = await configFolder();
    const { config, pair, environment } = folder;
    const { output } = await beamgate(['check-config', '--config', config, '--redis-name-prefix', 'mine'], environment);

    const shown = (line: string) => output.split('\n').find((each) => each.includes(line)) ?? '';
    expect(shown('manager  zmqControlAddr')).toContain(`file network/zmq_control_addr (${config}/network.yml:2)`);
    expect(shown('manager  zmqInfoAddr')).toContain(folder.infoAddress);
    expect(shown('manager  zmqPrivateKey')).toMatch(/ set .* network\/zmq_private_key \(.*network\.yml:5\)/);
    expect(shown('manager  redisNamePrefix')).toMatch(/mine +option --redis-name-prefix/);
    for (const secret of [pair.secretKey, EMERGENCY]) expect(output).not.toContain(secret);
  });
});
