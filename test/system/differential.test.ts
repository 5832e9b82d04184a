import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { peer } from '../support/peers.ts';
import { RedisServer } from '../support/redis.ts';

/** A sample runs with the other tests; 40 seeds of 100 steps before a release. */
const SEEDS = Number(process.env['BEAMGATE_DIFFERENTIAL_SEEDS'] ?? 3);
const STEPS = Number(process.env['BEAMGATE_DIFFERENTIAL_STEPS'] ?? 50);
const FIRST = Number(process.env['BEAMGATE_DIFFERENTIAL_FIRST'] ?? 1);

const ADDRESSES = '--zmq-control-addr tcp://127.0.0.1:{control} --zmq-info-addr tcp://127.0.0.1:{info}';
const IN_REDIS = '--redis-addr {redis} --redis-name-prefix {prefix}';

test(
  'the same random requests have the same replies, states and items with the original and with ours',
  { timeout: 60_000 + SEEDS * STEPS * 4000 },
  async () => {
    await using redis = await RedisServer.start();
    const run = spawn(
      resolve('.venv/bin/python'),
      [
        ...[peer('differential', 'diff.py'), '--redis', redis.address.replace('redis://', '')],
        ...['--a', `${resolve('.venv/bin/start-re-manager')} ${ADDRESSES} ${IN_REDIS}`],
        ...['--b', `${resolve('bin/beamgate')} manager --data-dir {store} ${ADDRESSES} ${IN_REDIS}`],
        // Ours alone has it: docs/reference/differences.md
        ...['--ignore', 'status.queue_finished'],
        ...['--seed', String(FIRST), '--seeds', String(SEEDS), '--steps', String(STEPS), '--shrink-budget', '0'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const told = Promise.all([text(run.stdout), text(run.stderr)]);
    const [code] = (await once(run, 'exit')) as [number | null];
    const [output, complaints] = await told;

    expect(code, `${output}\n${complaints}`).toBe(0);
    expect(output.match(/^seed \d+: /gm)).toHaveLength(SEEDS);
  },
);
