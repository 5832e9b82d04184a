import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clientOf, next, secondsSince } from '../../support/epics/clients.ts';
import { SimIocProcess } from '../../support/epics/sim-ioc-process.ts';

const MAIN = fileURLToPath(new URL('../../../src/sim-ioc/main.ts', import.meta.url));

const clientOfProcess = (ioc: SimIocProcess) => clientOf([{ searchAddress: `127.0.0.1:${ioc.udpPort}` }]);

/** Runs it to its end with this as its settings; how it ended, and all that it said. */
async function ranWith(settings: string): Promise<{ code: unknown; out: string; complaints: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sim-ioc-'));
  const file = join(folder, 'settings.json');
  await writeFile(file, settings);
  const child = spawn(process.execPath, [MAIN, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], out, complaints] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  await rm(folder, { recursive: true });
  return { code, out, complaints };
}

test('it says where it listens, by message and in one line, with searches and circuits on one number', async () => {
  await using ioc = await SimIocProcess.start();
  const { udpPort, tcpPort } = ioc;
  await expect
    .poll(() => ioc.printed, { interval: 5 })
    .toBe(`simulated IOC ready: udp 127.0.0.1:${udpPort} tcp 127.0.0.1:${tcpPort}\n`);
  expect(udpPort).toBe(tcpPort);
});

test('it goes on when the supervisor that started it is gone, and after Ctrl-C', async () => {
  await using ioc = await SimIocProcess.start();
  using client = clientOfProcess(ioc);
  const channel = await client.channel('BGDEMO:ao').waitForConnection(5);
  ioc.child.disconnect();
  ioc.child.kill('SIGINT');
  await channel.put(2);
  expect((await channel.get()).value).toBe(2);
});

test('it ends within a second of SIGTERM, also with a motor under way', async () => {
  await using ioc = await SimIocProcess.start();
  using client = clientOfProcess(ioc);
  const channel = await client.channel('BGDEMO:m1').waitForConnection(5);
  await channel.put(50, { wait: false });
  await channel.get(); // the put has been read
  const exit = once(ioc.child, 'exit');
  const disconnected = next(channel, 'disconnect');
  const asked = performance.now();
  ioc.child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(secondsSince(asked)).toBeLessThan(1);
  await disconnected;
});

test.each([
  ['UDP', 'udpPort', 'bind EADDRINUSE'],
  ['TCP', 'tcpPort', 'listen EADDRINUSE: address already in use'],
] as const)('a %s port that another has ends it with one line and exit code 1', async (_protocol, port, reason) => {
  await using other = await SimIocProcess.start();
  const settings = { host: '127.0.0.1', udpPort: 0, tcpPort: 0, database: 'demo', [port]: other[port] };
  expect(await ranWith(JSON.stringify(settings))).toEqual({
    code: 1,
    out: '',
    complaints: `simulated IOC: ${reason} 127.0.0.1:${other[port]}\n`,
  });
});

test.each([
  ['no host', { host: undefined }],
  ['a port that is none', { udpPort: 70_000 }],
  ['an unknown database', { database: 'real' }],
  ['a beacon port that is none', { beaconPort: 'x' }],
])('settings with %s are refused in one line that shows them', async (_what, wrong) => {
  const settings = JSON.stringify({ host: '127.0.0.1', udpPort: 0, tcpPort: 0, database: 'demo', ...wrong });
  const { code, out, complaints } = await ranWith(settings);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(complaints).toMatch(/^simulated IOC: [^\n]*settings\.json: host, udpPort, [^\n]*\n$/);
  expect(complaints.endsWith(`received ${settings}\n`)).toBe(true);
});

test('settings that are no JSON, or not named, are refused in one line, too', async () => {
  expect((await ranWith('udpPort: 0')).complaints).toMatch(/^simulated IOC: [^\n]*settings\.json: [^\n]*JSON\n$/);
  const child = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'ignore', 'pipe'] });
  expect(await text(child.stderr)).toBe('simulated IOC: usage: main.ts <settings.json>\n');
});

test('any client may ask for a fault', async () => {
  await using ioc = await SimIocProcess.start();
  using client = clientOfProcess(ioc);
  const pv = (name: string) => client.channel(`BGDEMO:${name}`).waitForConnection(5);
  const ask = async (fault: string, value: string | number) => (await pv(`fault:${fault}`)).put(value);
  const ao = await pv('ao');

  // Access, there and back
  const denied = next(ao, 'access');
  await ask('readonly', 'BGDEMO:ao');
  expect(await denied).toEqual([1]);
  const given = next(ao, 'access');
  await ask('writable', 'BGDEMO:ao');
  expect(await given).toEqual([3]);

  // An alarm
  await ask('alarm', 'BGDEMO:ao');
  expect(await ao.get({ form: 'sts' })).toMatchObject({ severity: 2 });
  await ask('noalarm', 'BGDEMO:ao');
  expect(await ao.get({ form: 'sts' })).toMatchObject({ severity: 0 });

  // A motor that slips
  await ask('miss', 'BGDEMO:m1');
  await (await pv('m1')).put(0.5);
  expect((await (await pv('m1.MISS')).get()).value).toBe(1);
  expect((await (await pv('m1.RBV')).get()).value).toBe(1.5);

  // Replies that take time
  await ask('delay', 0.2);
  const began = performance.now();
  await ao.get();
  expect(performance.now() - began).toBeGreaterThan(190);
  await ask('delay', 0);

  // Silence for a while
  await (await pv('fault:freeze')).put(0.3, { wait: false });
  const silent = performance.now();
  await ao.get();
  expect(performance.now() - silent).toBeGreaterThan(200);

  // A channel that is taken away, and circuits that end
  const taken = next(ao, 'disconnect');
  await ask('disconnect', 'BGDEMO:ao');
  await taken;
  const slow = await pv('slow');
  const dropped = next(slow, 'disconnect');
  await (await pv('fault:drop')).put('now', { wait: false });
  await dropped;
});

test('a fault of what is not there is refused', async () => {
  await using ioc = await SimIocProcess.start();
  using client = clientOfProcess(ioc);
  const fault = await client.channel('BGDEMO:fault:miss').waitForConnection(5);
  await expect(fault.put('BGDEMO:none')).rejects.toMatchObject({ code: 160 });
  await expect(fault.put('BGDEMO:ao')).rejects.toMatchObject({ code: 160 });
});
