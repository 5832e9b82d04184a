import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Dealer } from 'zeromq';
import type { Method } from '../../src/protocol/methods/define-method.ts';
import { METHODS } from '../../src/protocol/methods/index.ts';
import { Junk } from '../support/junk.ts';
import { ManagerPlace } from '../support/manager-process.ts';

/** How many frames; a sample runs with the other tests, a million before a release. */
const FRAMES = Number(process.env['BEAMGATE_FUZZ_FRAMES'] ?? 20_000);
const SEED = Number(process.env['BEAMGATE_FUZZ_SEED'] ?? 1);
const UNDER_WAY = 200;
const KEY = 'the key of the lock';

const isRead = ({ access }: Method) => access.scope.startsWith('read:');
const READS = [...METHODS.values()].filter((method) => isRead(method) && !('wait_s' in method.params.properties));
const LOCKED = [...METHODS.values()].filter((method) => !isRead(method) && method.access.lock !== undefined);
/** Without `emergency_stop`, which is never refused, whatever it is given. */
const FREE = [...METHODS.values()].filter(
  (method) => !isRead(method) && method.access.lock === undefined && method.name !== 'emergency_stop',
);
/** Refused while there is no environment, or for what they are given, also to who holds the key of the lock. */
const OPENED = LOCKED.filter(({ name }) =>
  /^(queue_item_(add|update|execute)|function_|script_|re_|kernel_)/.test(name),
);

const request = (name: string, params: string) => `{"method":"${name}","params":${params}}`;

/** Parameters by their own names, each with a value that is none. */
function junkFor(method: Method, junk: Junk, more: readonly string[] = []): string {
  const names = Object.keys(method.params.properties).filter((name) => name !== 'lock_key' && junk.chance(0.7));
  return `{${[...names.map((name) => `"${name}":${junk.json()}`), ...more].join(',')}}`;
}

function frame(junk: Junk): Buffer | string {
  switch (junk.number(8)) {
    case 0:
      return junk.bytes(300);
    case 1:
      return junk.json(5);
    case 2:
      return junk.damaged(request(junk.one(READS).name, '{}'));
    case 3:
      return '['.repeat(junk.number(20_000));
    case 4:
      return request(junk.one(READS).name, junkFor(junk.one(READS), junk));
    case 5: {
      const method = junk.one(LOCKED);
      return request(method.name, junkFor(method, junk, junk.chance(0.5) ? [`"lock_key":${junk.json()}`] : []));
    }
    case 6: {
      const method = junk.one(OPENED);
      return request(method.name, junkFor(method, junk, [`"lock_key":"${KEY}"`]));
    }
    default: {
      // No lock guards these: a parameter that nobody knows does.
      const method = junk.one(FREE);
      return request(method.name, junkFor(method, junk, ['"no such parameter":1']));
    }
  }
}

/** Sends so many frames, and resolves when each has its reply. */
async function send(client: Dealer, junk: Junk, count: number): Promise<void> {
  let replies = 0;
  const window = { room: UNDER_WAY, wake: Promise.withResolvers<void>() };
  const received = (async () => {
    while (replies < count) {
      await client.receive();
      replies++;
      window.room++;
      window.wake.resolve();
    }
  })();
  for (let sent = 0; sent < count; sent++) {
    while (window.room === 0) {
      window.wake = Promise.withResolvers();
      await window.wake.promise;
    }
    window.room--;
    await client.send(['', frame(junk)]);
  }
  await received;
}

const residentMib = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

test(
  `frames of junk are each answered, change nothing, and leave memory as it was (seed ${SEED})`,
  { timeout: 60_000 + FRAMES },
  async () => {
    // Given a queue that is locked
    await using manager = await ManagerPlace.start();
    for (let n = 0; n < 3; n++) await manager.add('count', [['det1']]);
    await manager.must('lock', { environment: true, queue: true, lock_key: KEY, user: 'Ann' });
    const shown = async () => ({
      status: { ...(await manager.status()), time: '' },
      queue: await manager.must('queue_get'),
      history: await manager.must('history_get'),
      permissions: await manager.must('permissions_get'),
    });
    const before = await shown();
    const pid = manager.managerPid;
    const client = new Dealer({ linger: 0, receiveTimeout: 30_000 });
    client.connect(manager.settings.zmq_control_addr);
    const junk = new Junk(SEED);

    // When junk comes
    await send(client, junk, FRAMES / 4);
    const early = residentMib(pid);
    await send(client, junk, FRAMES - FRAMES / 4);
    client.close();

    // Then all is as it was
    expect(await shown()).toEqual(before);
    expect(manager.managerPid).toBe(pid);
    expect(residentMib(pid) - early).toBeLessThan(60);
  },
);
