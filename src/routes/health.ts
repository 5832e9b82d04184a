import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { Type } from 'typebox';
import { plansExisting } from '../protocol/methods/resources.ts';
import type { App } from './declaration.ts';

const Check = Type.Object({ ok: Type.Boolean(), msg: Type.String() });
const Readiness = Type.Object({ ready: Type.Boolean(), checks: Type.Record(Type.String(), Check) });
/** A full disk fails before its last byte is taken. */
const LEAST_FREE_BYTES = 1024 * 1024;

/** For whoever restarts or balances gateways. */
export function healthRoutes(app: App): void {
  let isDraining = false;
  app.addHook('preClose', (done) => {
    isDraining = true;
    done();
  });

  app.route({
    method: 'GET',
    url: '/health/live',
    config: {
      declared: {
        access: 'public',
        summary: 'The process answers.',
        result: Type.Object({ live: Type.Boolean() }),
      },
    },
    handler: () => ({ live: true }),
  });

  app.route({
    method: 'GET',
    url: '/health/ready',
    config: {
      declared: {
        access: 'public',
        summary:
          'The manager answers, plan lists are loaded, its store and the data directory are writable; 503 when one is not so.',
        result: Readiness,
      },
    },
    handler: async (_request, reply) => {
      const checks = {
        gateway: await check(async () => (isDraining ? 'is stopping' : undefined)),
        manager: await check(async () => void (await app.parts.manager.status())),
        plan_lists: await check(() => planLists(app)),
        store: await check(async () => (await storeTrouble(app)) ?? (await noRoom(app.parts.dataDir))),
      };
      const ready = Object.values(checks).every(({ ok }) => ok);
      return reply.code(ready ? 200 : 503).send({ ready, checks });
    },
  });
}

/** `reason` resolves to what is wrong, or rejects with it. */
async function check(reason: () => Promise<string | undefined>): Promise<{ ok: boolean; msg: string }> {
  try {
    const msg = await reason();
    return { ok: msg === undefined, msg: msg ?? '' };
  } catch (error) {
    return { ok: false, msg: (error as Error).message };
  }
}

async function planLists(app: App): Promise<string | undefined> {
  const reply = (await app.parts.manager.read(plansExisting, '{}')).toString();
  const { plans_existing: plans } = JSON.parse(reply) as { plans_existing?: object };
  return Object.keys(plans ?? {}).length === 0 ? 'the manager knows no plans: open the environment once' : undefined;
}

/** What our manager says of its store; the original's says nothing. */
async function storeTrouble(app: App): Promise<string | undefined> {
  const status = JSON.parse((await app.parts.manager.status()).toString()) as { store_trouble?: string };
  return status.store_trouble;
}

async function noRoom(dataDir: string): Promise<string | undefined> {
  await access(dataDir, constants.W_OK);
  const { bavail, bsize } = await statfs(dataDir);
  return bavail * bsize < LEAST_FREE_BYTES ? `less than ${LEAST_FREE_BYTES} bytes are free in ${dataDir}` : undefined;
}
