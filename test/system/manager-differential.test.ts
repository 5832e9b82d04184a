import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { peer } from '../support/peers.ts';
import { freePorts } from '../support/beamline.ts';
import { RedisServer } from '../support/redis.ts';

/** A sample runs with the other tests; 40 seeds of 100 steps before a release. */
const SEEDS = Number(process.env['BEAMGATE_DIFFERENTIAL_SEEDS'] ?? 3);
const STEPS = Number(process.env['BEAMGATE_DIFFERENTIAL_STEPS'] ?? 50);
const FIRST = Number(process.env['BEAMGATE_DIFFERENTIAL_FIRST'] ?? 1);

const ADDRESSES = '--zmq-control-addr tcp://127.0.0.1:{control} --zmq-info-addr tcp://127.0.0.1:{info}';
const IN_REDIS = '--redis-addr {redis} --redis-name-prefix {prefix}';

/** What differs on purpose: docs/reference/differences.md says why. `values` are JSON texts of the original's and ours. */
const isOnPurpose = (place: string, [, ours = '']: readonly string[] = []): boolean =>
  place === 'status.queue_finished' ||
  (place.endsWith('.result.msg') && ours.includes("is not allowed for users from 'primary' group"));

interface Seed {
  readonly seed: number;
  readonly done: number;
  readonly broken?: string;
  readonly differences: readonly {
    step: number;
    method: string;
    places: readonly string[];
    values: readonly string[][];
  }[];
}

test(
  'the same random requests have the same replies, states and items with the original and with ours',
  { timeout: 60_000 + SEEDS * STEPS * 4000 },
  async () => {
    await using redis = await RedisServer.start();
    const report = join(redis.folder, 'report.json');
    const [basePort] = await freePorts(1);
    const a = `${resolve('.venv/bin/start-re-manager')} ${ADDRESSES} ${IN_REDIS}`;
    const b = `${resolve('bin/beamgate')} manager --data-dir {store} ${ADDRESSES} ${IN_REDIS}`;
    const sequence = ['--seed', String(FIRST), '--seeds', String(SEEDS), '--steps', String(STEPS)];
    const where = ['--redis', redis.address.replace('redis://', ''), '--base-port', String(basePort)];

    const program = [peer('differential', 'diff.py'), '--a', a, '--b', b];
    await ended(resolve('.venv/bin/python'), [...program, ...where, ...sequence, '--keep-going', '--report', report]);

    const seeds = JSON.parse(readFileSync(report, 'utf8')) as Seed[];
    expect(seeds).toHaveLength(SEEDS);
    for (const { seed, done, broken, differences } of seeds) {
      expect(broken, `seed ${seed}`).toBeUndefined();
      expect(done).toBeGreaterThan(STEPS / 2);
      const others = differences.filter(
        ({ places, values }) => !places.every((place, n) => isOnPurpose(place, values[n])),
      );
      expect(others, `seed ${seed}: the first of them counts`).toEqual([]);
    }
  },
);

/** It ends with an error whenever something differs. */
function ended(program: string, args: readonly string[]): Promise<void> {
  return new Promise((done) => execFile(program, args, { maxBuffer: 2 ** 28 }, () => done()));
}
