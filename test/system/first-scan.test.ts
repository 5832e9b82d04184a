import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { Beamline } from '../support/beamline.ts';
import { freePort } from '../support/epics/free-port.ts';

/** What libca, EPICS' own client, is told of one PV while it watches. */
class Watched implements AsyncDisposable {
  readonly values: number[] = [];
  readonly #python;

  private constructor(pv: string, environment: Record<string, string>) {
    this.#python = spawn(resolve('.venv/bin/python'), [resolve('test/system/peers/watch_pv.py'), pv], {
      env: { PATH: '/usr/bin:/bin', ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface(this.#python.stdout).on('line', (line) => this.values.push(Number(line)));
  }

  static async start(pv: string, environment: Record<string, string>): Promise<Watched> {
    const watched = new Watched(pv, environment);
    await once(watched.#python.stdout, 'data');
    return watched;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#python, 'exit');
    this.#python.stdin.end();
    await ended;
  }
}

test('a scan sent by curl alone moves the motor, as libca sees it, and leaves eleven events', async () => {
  await using beamline = await Beamline.start({ madeKey: true });
  const curl = (path: string, body?: object) => {
    const header = `@${join(beamline.dataDir, 'auth-header')}`;
    const data = body ? ['--json', JSON.stringify(body)] : ['-X', 'POST'];
    const reply = execFileSync('curl', ['-sS', '-H', header, ...data, `${beamline.url}/api${path}`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(reply)).toMatchObject({ success: true });
  };
  const { epics } = JSON.parse(readFileSync(join(beamline.runDir, 'worker.settings.json'), 'utf8')) as {
    epics: Record<string, string>;
  };
  const environment = { ...epics, EPICS_CA_REPEATER_PORT: String(await freePort()) };
  await using readback = await Watched.start('BGDEMO:m1.RBV', environment);

  curl('/environment/open');
  await beamline.until((status) => status.worker_environment_state === 'idle' && status.manager_state === 'idle');
  curl('/queue/item/add', { item: { item_type: 'plan', name: 'scan', args: [['peak'], 'm1', -1, 1, 11] } });
  curl('/queue/start');
  await beamline.until((status) => status.items_in_history === 1 && status.manager_state === 'idle');

  const [item] = await beamline.history();
  const documents = beamline.documents(item?.result?.run_uids[0] as string);
  expect(documents.filter(([name]) => name === 'event')).toHaveLength(11);
  // From where it stood to -1, and up to 1 from there
  const turn = readback.values.indexOf(Math.min(...readback.values));
  const rise = readback.values.slice(turn);
  expect(readback.values[0]).toBe(0);
  expect(rise[0]).toBeCloseTo(-1, 2);
  expect(rise.at(-1)).toBeCloseTo(1, 2);
  expect(rise).toEqual(rise.toSorted((a, b) => a - b));
  expect(new Set(rise).size).toBeGreaterThan(10);
});
