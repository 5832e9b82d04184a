import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read, utils } from 'xlsx';
import type { GatewaySettings } from '../../src/config/process-settings.ts';
import { startGateway, startGatewayBefore } from '../support/gateway.ts';
import { ManagerPlace } from '../support/manager-process.ts';
import { bomb, form, TYPES, workbook, zip } from '../support/workbooks.ts';

const HEADER = ['plan_name', 'args', 'num', 'delay'];

interface Reply {
  success: boolean;
  msg: string;
  items: Record<string, unknown>[];
  results: { success: boolean; msg: string }[];
  rows?: number[];
  problems: { sheet: string | null; row: number; column: string | null; msg: string }[];
}

/** A gateway that listens, before a manager that is a process of its own. */
async function beamline(settings: Partial<GatewaySettings> = {}) {
  const manager = await ManagerPlace.withoutWorker();
  const { zmq_control_addr: controlAddress, zmq_info_addr: infoAddress } = manager.settings;
  const gateway = await startGatewayBefore({ controlAddress, infoAddress }, settings);
  return {
    gateway,
    async upload(body: FormData, query = ''): Promise<Reply> {
      const reply = await gateway.ask(`/api/queue/upload/spreadsheet${query}`, { method: 'POST', body });
      return (await reply.json()) as Reply;
    },
    async queue(): Promise<Record<string, unknown>[]> {
      return ((await (await gateway.ask('/api/queue/get')).json()) as { items: Record<string, unknown>[] }).items;
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await manager[Symbol.asyncDispose]();
    },
  };
}

describe('a spreadsheet that is uploaded', () => {
  test('queues its plans, signed by who uploads it', async () => {
    await using place = await beamline();
    const file = workbook([
      HEADER,
      ["'count'", "['det1', 'det2']", 3, 0.5],
      [],
      ['scan', "['det1'], 'motor', -1, 1, 5"],
    ]);

    const reply = await place.upload(form('a.xlsx', file));

    expect(reply).toMatchObject({ success: true, msg: '', qsize: 2, problems: [] });
    expect(reply.results).toEqual([
      { success: true, msg: '' },
      { success: true, msg: '' },
    ]);
    expect(await place.queue()).toMatchObject([
      {
        name: 'count',
        item_type: 'plan',
        args: [['det1', 'det2']],
        kwargs: { num: 3, delay: 0.5 },
        user: 'UNAUTHENTICATED_SINGLE_USER',
        user_group: 'primary',
      },
      { name: 'scan', args: [['det1'], 'motor', -1, 1, 5], kwargs: {} },
    ]);
  });

  const ROWS = [
    ['plan_name', 'args', 'num'],
    ['count', "['det1']", 2],
  ];
  test.each([
    ['a.xlsx', workbook(ROWS)],
    ['a.xls', workbook(ROWS, { bookType: 'biff8' })],
    ['a.ods', workbook(ROWS, { bookType: 'ods' })],
    ['a.csv', "plan_name,args,num\ncount,['det1'],2\n"],
    ['a.tsv', "plan_name\targs\tnum\ncount\t['det1']\t2\n"],
  ])('is one batch for the manager, whatever its format (%s)', async (name, file) => {
    await using gateway = await startGateway();
    await gateway.ask('/api/queue/upload/spreadsheet', { method: 'POST', body: form(name, file) });
    expect(gateway.manager.received.at(-1)).toMatchObject({
      method: 'queue_item_add_batch',
      params: { items: [{ name: 'count', item_type: 'plan', args: [['det1']], kwargs: { num: 2 } }] },
    });
  });

  test('queues nothing when one cell is wrong, and says where every wrong one is', async () => {
    await using gateway = await startGateway();
    const rows = [
      HEADER,
      ['count', "['det1']", 1],
      ['count', '[det1]', 'three'],
      ['5x', null, 1],
      ['count', "['det1'"],
    ];

    const body = form('a.xlsx', workbook(rows));
    const answer = await gateway.ask('/api/queue/upload/spreadsheet', { method: 'POST', body });
    const reply = (await answer.json()) as Reply;

    expect(reply).toMatchObject({ success: false, items: [], results: [] });
    expect(reply.msg).toMatch(/^Spreadsheet, sheet 'plans', row 3, column B: .*\(and 3 more\)$/);
    expect(reply.problems.map(({ sheet, row, column }) => `${sheet} ${column}${row}`)).toEqual([
      'plans B3',
      'plans C3',
      'plans A4',
      'plans B5',
    ]);
    expect(gateway.manager.count('queue_item_add_batch')).toBe(0);
  });

  test('queues nothing when the manager refuses one plan, and names its row', async () => {
    await using place = await beamline();
    const rows = [HEADER, ['count', "['det1']"], [], ['no_such_plan', "['det1']"]];

    const reply = await place.upload(form('a.xlsx', workbook(rows)));

    expect(reply.success).toBe(false);
    expect(reply.msg).toBe('Failed to add all items: validation of 1 out of 2 submitted items failed');
    expect(reply.results.map(({ success }) => success)).toEqual([true, false]);
    expect(reply.problems).toEqual([{ sheet: 'plans', row: 4, column: null, msg: reply.results[1]?.msg }]);
    expect(await place.queue()).toEqual([]);
  });

  test('is shown and not queued with dry_run, in the form or in the query', async () => {
    await using place = await beamline();
    const rows = [HEADER, ['count', "['det1']", 1], ['no_such_plan'], ['count', null, 2]];
    const good = [HEADER, ['count', "['det1']", 1]];

    const wrong = await place.upload(form('a.xlsx', workbook(rows), { dry_run: 'true' }));
    const right = await place.upload(form('a.xlsx', workbook(good)), '?dry_run=true');

    expect(wrong).toMatchObject({ success: false, rows: [2, 4], items: [{ name: 'count' }, { name: 'count' }] });
    expect(wrong.problems).toEqual([
      { sheet: 'plans', row: 3, column: 'A', msg: "Plan 'no_such_plan' is not in the list of allowed plans" },
    ]);
    expect(right).toMatchObject({
      success: true,
      rows: [2],
      items: [{ name: 'count', kwargs: { num: 1 } }],
      results: [],
    });
    expect(await place.queue()).toEqual([]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['the form', { dry_run: 'yes' }, ''],
    ['the query', {}, '?dry_run=yes'],
    ['a name that is not known', {}, '?dry_rum=true'],
  ])('is not queued by a slip of the pen in %s', async (_where, fields, query) => {
    await using gateway = await startGateway();
    const body = form('a.xlsx', workbook([HEADER, ['count', "['det1']"]]), fields);
    const reply = await gateway.ask(`/api/queue/upload/spreadsheet${query}`, { method: 'POST', body });
    expect(reply.status).toBe(400);
    expect(gateway.manager.count('queue_item_add_batch')).toBe(0);
  });

  test('is refused while the queue is locked, and taken with the key', async () => {
    await using place = await beamline();
    const lock = { queue: true, lock_key: 'abc', user: 'x', note: 'y' };
    await place.gateway.ask('/api/lock', { method: 'POST', body: JSON.stringify(lock) });
    const file = workbook([HEADER, ['count', "['det1']"]]);

    expect((await place.upload(form('a.xlsx', file))).success).toBe(false);
    expect((await place.upload(form('a.xlsx', file, { lock_key: 'abc' }))).success).toBe(true);
  });
});

describe("a beamline's own format", () => {
  const MAPPING = `
    export function spreadsheetToPlanList({ table, dataType, problem }) {
      if (dataType === null) return null;
      if (dataType === 'unsupported') throw new Error("Unsupported data type: 'unsupported'");
      for (const { number, cells } of table.rows) if (cells[1] < 0) problem(number, 1, 'a time is not negative');
      return table.rows.map(({ cells }) => ({ name: 'count', args: [[cells[0]]], kwargs: { num: cells[1] } }));
    }`;

  async function withMapping() {
    const folder = mkdtempSync(join(tmpdir(), 'mapping-'));
    const file = join(folder, 'formats.mjs');
    writeFileSync(file, MAPPING);
    const gateway = await startGateway(undefined, { custom_modules: [file] });
    return {
      queued: () => gateway.manager.received.filter(({ method }) => method === 'queue_item_add_batch'),
      upload: async (rows: unknown[][], fields: Record<string, string> = {}): Promise<Reply> => {
        const body = form('a.xlsx', workbook(rows), fields);
        return (await (await gateway.ask('/api/queue/upload/spreadsheet', { method: 'POST', body })).json()) as Reply;
      },
      async [Symbol.asyncDispose]() {
        await gateway[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true });
      },
    };
  }
  const SAMPLES = [
    ['detector', 'exposures'],
    ['det1', 3],
    ['det2', 4],
  ];

  test('is read by the module that the settings name, for its data_type', async () => {
    await using place = await withMapping();
    expect(await place.upload(SAMPLES, { data_type: 'samples' })).toMatchObject({ success: true });
    expect(place.queued()[0]?.params['items']).toEqual([
      { item_type: 'plan', name: 'count', args: [['det1']], kwargs: { num: 3 } },
      { item_type: 'plan', name: 'count', args: [['det2']], kwargs: { num: 4 } },
    ]);
  });

  test('leaves to the default format what it does not want', async () => {
    await using place = await withMapping();
    await place.upload([HEADER, ['count', "['det1']"]]);
    expect(place.queued()[0]?.params['items']).toEqual([{ name: 'count', item_type: 'plan', args: [['det1']] }]);
  });

  test('refuses a file with the message of its error, and a row by its place', async () => {
    await using place = await withMapping();
    const unsupported = await place.upload(SAMPLES, { data_type: 'unsupported' });
    const negative = await place.upload([...SAMPLES, ['det1', -1]], { data_type: 'samples' });
    expect(unsupported).toMatchObject({ success: false, msg: "Unsupported data type: 'unsupported'", items: [] });
    expect(negative.problems).toEqual([{ sheet: 'plans', row: 4, column: 'B', msg: 'a time is not negative' }]);
    expect(place.queued()).toEqual([]);
  });
});

describe('a file that must not be opened', () => {
  const upload = (gateway: Awaited<ReturnType<typeof startGateway>>, name: string, bytes: Buffer) =>
    gateway.ask('/api/queue/upload/spreadsheet', { method: 'POST', body: form(name, bytes) });
  const plain = workbook([HEADER, ['count', "['det1']"]]);
  const macros = { name: 'xl/vbaProject.bin', content: Buffer.from('Sub AutoOpen()') };
  const encrypted = Buffer.concat([
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    Buffer.alloc(1024),
    Buffer.from('EncryptedPackage', 'utf16le'),
  ]);

  test.each([
    ['that unpacks to 100 MB', 413, zip([TYPES, bomb(100)]), /unpacks to \d+ bytes, more than/],
    ['that claims 300 MB', 413, zip([TYPES, bomb(1, 300e6)]), /unpacks to \d+ bytes, more than/],
    [
      'that claims less than it unpacks to',
      413,
      zip([TYPES, bomb(100, 1000)]),
      /more than the 1000 bytes that it claims/,
    ],
    ['with macros', 422, zip([TYPES, macros]), /macros/],
    ['with encrypted parts', 422, zip([{ ...TYPES, isEncrypted: true }]), /encrypted/],
    ['that a password protects', 422, encrypted, /encrypted/],
  ])('is refused by name: one %s', async (_what, status, bytes, detail) => {
    await using gateway = await startGateway();
    const reply = await upload(gateway, 'a.xlsx', bytes);
    expect(reply.status).toBe(status);
    expect(((await reply.json()) as { detail: string }).detail).toMatch(detail);
    // And the next one is read.
    expect((await upload(gateway, 'b.xlsx', plain)).status).toBe(200);
    expect(gateway.manager.count('queue_item_add_batch')).toBe(1);
  });

  test.each([
    ['text with the name of a workbook', 'a.xlsx', Buffer.from('plan_name\ncount\n'), /is neither a zip archive/],
    ['a workbook with the name of a text', 'a.csv', plain, /is a zip archive/],
    ['a picture', 'a.xls', Buffer.from('\x89PNG\r\n'), /is neither/],
    ['a torn workbook', 'a.xlsx', plain.subarray(0, plain.length / 2), /no whole zip archive/],
    ['a file of another kind', 'a.txt', Buffer.from('x'), /File 'a.txt' \(extension '.txt'\) is not supported/],
  ])('is answered in the envelope of the original: %s', async (_what, name, bytes, msg) => {
    await using gateway = await startGateway();
    const reply = await upload(gateway, name, bytes);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      success: false,
      msg: expect.stringMatching(msg),
      items: [],
      results: [],
    });
  });

  test.each([
    ['no form', 'x=1', { 'content-type': 'application/x-www-form-urlencoded' }, 422],
    [
      'a form without its end',
      '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n',
      { 'content-type': 'multipart/form-data; boundary=x' },
      400,
    ],
    ['a form without boundary', 'x', { 'content-type': 'multipart/form-data' }, 400],
  ])('is told what is wrong: %s', async (_what, body, headers, status) => {
    await using gateway = await startGateway();
    const reply = await gateway.ask('/api/queue/upload/spreadsheet', {
      method: 'POST',
      body,
      headers: { ...headers, authorization: 'ApiKey test' },
    });
    expect(reply.status).toBe(status);
    expect(await reply.json()).toHaveProperty('detail');
  });

  test('a form without the file is answered as the original does', async () => {
    await using gateway = await startGateway();
    const body = new FormData();
    body.set('data_type', 'x');
    const reply = await gateway.ask('/api/queue/upload/spreadsheet', { method: 'POST', body });
    expect(reply.status).toBe(422);
    expect(await reply.json()).toEqual({
      detail: [{ type: 'missing', loc: ['body', 'spreadsheet'], msg: 'Field required', input: null }],
    });
  });
});

test('the template has the arguments of the allowed plans, and queues nothing as it is', async () => {
  await using place = await beamline();

  const reply = await place.gateway.ask('/api/queue/spreadsheet/template');
  const bytes = Buffer.from(await reply.arrayBuffer());

  expect(reply.headers.get('content-disposition')).toBe('attachment; filename="plans.xlsx"');
  const { Sheets } = read(bytes);
  const [header] = utils.sheet_to_json<string[]>(Sheets['plans'] ?? {}, { header: 1 });
  expect(header?.slice(0, 2)).toEqual(['plan_name', 'args']);
  expect(header).toContain('num');
  const plans = utils.sheet_to_json<{ plan: string }>(Sheets['allowed plans'] ?? {});
  expect(plans.map(({ plan }) => plan)).toContain('count');
  expect(await place.upload(form('plans.xlsx', bytes))).toMatchObject({ success: true, items: [] });
});
