import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Request, Subscriber } from 'zeromq';
import type { QueueItem } from '../../src/protocol/item.ts';
import type { ManagerStatus } from '../../src/protocol/status.ts';
import { demoRecords } from '../../src/sim-ioc/demo-database.ts';
import { startIoc } from '../../src/sim-ioc/ioc.ts';
import { freePorts } from '../support/beamline.ts';
import { aFolder } from '../support/supervised.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/tutorial/own-beamline.md'), 'utf8');

/** `beamgate manager` on a startup folder, as the tutorial starts it, spoken to over 0MQ. */
async function aManager(folder: string, environment: Record<string, string>) {
  const [control, info] = (await freePorts(2)).map((port) => `tcp://127.0.0.1:${port}`) as [string, string];
  const addresses = ['--zmq-control-addr', control, '--zmq-info-addr', info];
  const folders = ['--data-dir', join(folder, 'data'), '--startup-dir', join(folder, 'startup')];
  const options = ['manager', ...folders, '--zmq-publish-console', 'ON'];
  const child = spawn(join(root, 'bin/beamgate'), [...options, ...addresses], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const chunk of child.stdout) if (String(chunk).includes('RE Manager is ready')) break;
  child.stdout.resume();
  const requests = new Request({ linger: 0, receiveTimeout: 10_000 });
  requests.connect(control);
  const statuses = new Subscriber({ linger: 0 });
  statuses.connect(info);
  statuses.subscribe('QS_Info');
  return {
    async call(method: string, params: object = {}) {
      await requests.send(JSON.stringify({ method, params }));
      const [reply] = await requests.receive();
      return JSON.parse(String(reply)) as { success: boolean; msg: string } & Record<string, unknown>;
    },
    async until(isSo: (status: ManagerStatus) => boolean) {
      for await (const [, frame] of statuses) {
        const { msg } = JSON.parse(String(frame)) as { msg: { status: ManagerStatus } };
        if (isSo(msg.status)) return;
      }
    },
    async [Symbol.asyncDispose]() {
      requests.close();
      statuses.close();
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

test('the beamline of the tutorial scans around a centre', async () => {
  // Given the startup folder of the page, and the simulated IOC
  using folder = aFolder();
  const source = /```ts\n(.*?)```/s.exec(page)?.[1] as string;
  mkdirSync(join(folder.path, 'startup'));
  writeFileSync(join(folder.path, 'startup/beamline.ts'), source);
  const ioc = await startIoc({ records: demoRecords() });
  await using manager = await aManager(folder.path, {
    EPICS_CA_ADDR_LIST: '127.0.0.1',
    EPICS_CA_AUTO_ADDR_LIST: 'NO',
    EPICS_CA_SERVER_PORT: String(ioc.udpPort),
  });

  // When its environment is opened and the item of the page submitted
  expect(await manager.call('environment_open')).toMatchObject({ success: true });
  await manager.until((status) => status.worker_environment_state === 'idle' && status.manager_state === 'idle');
  const { item } = JSON.parse(/^ {4}(\{"item".*)$/m.exec(page)?.[1] as string) as { item: object };
  const added = await manager.call('queue_item_add', { item, user: 'Ann', user_group: 'primary' });
  expect(added).toMatchObject({ success: true, msg: '' });
  await manager.call('queue_start');
  await manager.until((status) => status.items_in_history === 1);

  // Then its eleven points were taken
  const { items } = await manager.call('history_get');
  expect((items as QueueItem[])[0]?.result).toMatchObject({ exit_status: 'completed', msg: '' });
  await ioc.close();
});
