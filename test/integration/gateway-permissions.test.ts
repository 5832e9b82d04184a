import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AUTHORIZED, startGatewayBefore } from '../support/gateway.ts';
import { ManagerPlace } from '../support/manager-process.ts';
import { aFolder } from '../support/supervised.ts';

/** Our own gateway before our own manager, and what the audit log of the gateway says. */
async function aBeamline() {
  const folder = aFolder();
  // Plans and devices of the simulated profile are known without a worker.
  const manager = await ManagerPlace.withoutWorker();
  const { zmq_control_addr: controlAddress, zmq_info_addr: infoAddress } = manager.settings;
  const gateway = await startGatewayBefore({ controlAddress, infoAddress }, { data_dir: folder.path });
  const post = async (path: string, body: object) => {
    const headers = { ...AUTHORIZED, 'content-type': 'application/json' };
    const reply = await fetch(`${gateway.url}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await reply.json()) as Record<string, unknown>;
  };
  return {
    post,
    get: async (path: string) => (await (await gateway.ask(`/api/${path}`)).json()) as Record<string, unknown>,
    audit: () =>
      readFileSync(join(folder.path, 'logs/audit.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await manager[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

const ALL = { allowed_plans: [null], allowed_devices: [null], allowed_functions: [null] };
const onlyCount = { user_groups: { root: ALL, primary: { allowed_plans: [':^count$'], allowed_devices: [':.*'] } } };

test('permissions are previewed, validated and set over REST, hold at once, and who set them is written down', async () => {
  await using beamline = await aBeamline();

  const preview = await beamline.post('permissions/preview', {
    user_group: 'primary',
    user_group_permissions: onlyCount,
  });
  expect(preview['plans']).toMatchObject({
    count: { allowed: true, decided_by: { user_group: 'primary', list: 'allowed_plans', entry: ':^count$' } },
    scan: { allowed: false, decided_by: { user_group: 'primary', list: 'allowed_plans', entry: null } },
  });
  expect(
    await beamline.post('permissions/validate', { user_group_permissions: { user_groups: { primary: [] } } }),
  ).toMatchObject({
    success: false,
    msg: expect.stringContaining("[] is not of type 'object'"),
  });
  expect(await beamline.post('permissions/validate', { user_group_permissions: onlyCount })).toMatchObject({
    success: true,
    user_groups: ['root', 'primary'],
    problems: [],
  });
  // Nothing of that has changed anything.
  expect(Object.keys((await beamline.get('plans/allowed'))['plans_allowed'] as object).length).toBeGreaterThan(5);

  expect(await beamline.post('permissions/set', { user_group_permissions: onlyCount })).toMatchObject({
    success: true,
  });

  expect(Object.keys((await beamline.get('plans/allowed'))['plans_allowed'] as object)).toEqual(['count']);
  expect(beamline.audit().at(-1)).toMatchObject({
    what: 'permissions set',
    who: { name: 'UNAUTHENTICATED_SINGLE_USER' },
    changed: expect.arrayContaining([
      { user_group: 'primary', list: 'allowed_plans', before: [':.*'], after: [':^count$'] },
    ]),
  });
});
