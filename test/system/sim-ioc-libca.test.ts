import { spawn } from 'node:child_process';
import { json, text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../support/epics/free-port.ts';
import { SimIocProcess } from '../support/epics/sim-ioc-process.ts';

/** Has a Python client in `peers/` do its work with this IOC, and gives what it printed. */
async function peer(script: string, input: unknown, ioc: SimIocProcess): Promise<unknown> {
  const client = spawn(resolve('.venv/bin/python'), [resolve('test/system/peers', script)], {
    env: { PATH: '/usr/bin:/bin', ...ioc.environment, EPICS_CA_REPEATER_PORT: String(await freePort()) },
  });
  client.stdin.end(JSON.stringify(input));
  const complaints = text(client.stderr);
  try {
    return await json(client.stdout);
  } catch (error) {
    throw new Error(`${script} said: ${await complaints}`, { cause: error });
  }
}

type Form = Record<string, unknown> & { value: unknown[] };
type Seen = Record<string, { type: string; count: number; forms: Record<string, Form> }>;

const NO_LIMITS = ['lower_warning_limit', 'upper_warning_limit', 'lower_alarm_limit', 'upper_alarm_limit'];

test('caproto reads each type of PV in each of the five forms', async () => {
  await using ioc = await SimIocProcess.start();
  const expected = {
    'BGDEMO:ao': { type: 'DOUBLE', count: 1, value: [0] },
    'BGDEMO:longout': { type: 'LONG', count: 1, value: [0] },
    'BGDEMO:bo': { type: 'ENUM', count: 1, value: [0] },
    'BGDEMO:mbbo': { type: 'ENUM', count: 1, value: [0] },
    'BGDEMO:stringout': { type: 'STRING', count: 1, value: ['a sample'] },
    'BGDEMO:waveform': { type: 'DOUBLE', count: 1024, value: [1, 2, 3] },
    'BGDEMO:floats': { type: 'FLOAT', count: 16, value: [0.5, 1.5] },
    'BGDEMO:texts': { type: 'STRING', count: 4, value: ['one', 'two'] },
    'BGDEMO:bytes': { type: 'CHAR', count: 256, value: [1, 2, 255] },
    'BGDEMO:m1.DMOV': { type: 'INT', count: 1, value: [1] },
    'BGDEMO:m1': { type: 'DOUBLE', count: 1, value: [0] },
    'BGDEMO:m1.SPMG': { type: 'ENUM', count: 1, value: [3] },
    'BGDEMO:m1.RTYP': { type: 'STRING', count: 1, value: ['motor'] },
    'BGDEMO:m1.DESC$': { type: 'CHAR', count: 41, value: [...Buffer.from('sample x\0')] },
  };

  const seen = (await peer('sim_ioc_caproto.py', Object.keys(expected), ioc)) as Seen;

  for (const [name, { type, count, value }] of Object.entries(expected)) {
    expect(seen[name], name).toMatchObject({ type, count });
    for (const [form, told] of Object.entries(seen[name]?.forms ?? {})) {
      // Of DBR_CTRL_STRING caproto leaves out the text, which a C server sends (recorded in ca_all_dbr_forms).
      if (type !== 'STRING' || form !== 'ctrl') expect(told.value, `${name} as ${form}`).toEqual(value);
      if (form !== 'plain') expect(told, `${name} as ${form}`).toMatchObject({ status: 0, severity: 0 });
    }
    expect(Math.abs(Number(seen[name]?.forms.time?.timestamp) - Date.now() / 1000), name).toBeLessThan(60);
  }
  expect(seen['BGDEMO:ao']?.forms.ctrl).toMatchObject({
    units: 'V',
    precision: 3,
    lower_disp_limit: -10,
    upper_ctrl_limit: 10,
    upper_warning_limit: 8,
    upper_alarm_limit: 'nan',
  });
  expect(seen['BGDEMO:m1']?.forms.ctrl).toMatchObject({ units: 'mm', lower_ctrl_limit: -100, upper_ctrl_limit: 100 });
  for (const limit of NO_LIMITS) expect(seen['BGDEMO:m1']?.forms.gr?.[limit], limit).toBe('nan');
  expect(seen['BGDEMO:mbbo']?.forms.ctrl?.enum_strings).toEqual(['Off', 'Slow', 'Fast']);
});

test('libca writes each PV of the demo beamline, and reads what it wrote', async () => {
  await using ioc = await SimIocProcess.start();
  const writes = [
    ['BGDEMO:ao', 2.5],
    ['BGDEMO:ao', 20], // beyond DRVH
    ['BGDEMO:longout', -12],
    ['BGDEMO:bo', 1],
    ['BGDEMO:mbbo', 'Fast'],
    ['BGDEMO:stringout', 'grüße'],
    ['BGDEMO:lso.VAL$', 'a text of far more than forty characters, as long as it likes'],
    ['BGDEMO:waveform', [1.5, -2, 1e9]],
    ['BGDEMO:floats', [0.25]],
    ['BGDEMO:texts', ['left', 'right']],
    ['BGDEMO:bytes', [0, 200, 255]],
    ['BGDEMO:shutter', 'Open'],
    ['BGDEMO:shutter:status', 'Open'],
    ['BGDEMO:peak:acquire', 1],
    ['BGDEMO:scaler.TP', 0.05],
    ['BGDEMO:scaler.CNT', 1],
    ['BGDEMO:m1.VELO', 20],
    ['BGDEMO:m1.DESC', 'moved'],
    ['BGDEMO:m1', 0.5],
    ['BGDEMO:m2', -0.5],
    ['BGDEMO:m2.TWF', 1],
  ] as const;

  const { written, motion, waiting, refused } = (await peer('sim_ioc_pyepics.py', writes, ioc)) as {
    written: [string, unknown][];
    motion: { start: number; end: number; status: number; seconds: number; events: [string, number][] };
    waiting: { first: number; second: number };
    refused: unknown;
  };

  const readAs = new Map<number, unknown>([
    [1, 10], // clipped
    [15, 0], // counting has ended
    [20, 0], // a button that was pressed
  ]);
  expect(written).toEqual(writes.map(([name, value], index) => [name, readAs.get(index) ?? value]));
  expect(motion).toMatchObject({ start: 0.5, end: 1.5, status: 1 });
  expect(motion.events[0]).toEqual(['DMOV', 0]);
  expect(motion.events.slice(-2)).toEqual([
    ['RBV', 1.5],
    ['DMOV', 1],
  ]);
  expect(waiting.second).toBeGreaterThan(waiting.first * 1.8);
  expect(refused).toEqual({ read: true, write: false, value: 7 });
});
