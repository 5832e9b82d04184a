import { afterAll, beforeAll, expect, test } from 'vitest';
import { Transports } from '../../src/worker/devices/epics/transports.ts';
import { EpicsSignal } from '../../src/worker/devices/epics/epics-signal.ts';
import { signalBackendContract } from '../contracts/signal-backend.contract.ts';
import { CIoc } from '../support/epics/c-ioc.ts';

const DATABASE = `
record(ao, "b:number") { field(EGU, "mm") field(PREC, "3") field(DRVL, "0") field(DRVH, "10") field(PINI, "YES") }
record(bo, "b:enum") { field(ZNAM, "Closed") field(ONAM, "Open") field(PINI, "YES") }
record(waveform, "b:text") { field(FTVL, "CHAR") field(NELM, "100") }
record(waveform, "b:list") { field(FTVL, "DOUBLE") field(NELM, "5") }
`;

let ioc: CIoc;
let transports: Transports;

beforeAll(async () => {
  ioc = await CIoc.start(DATABASE);
  const settings = { EPICS_CA_ADDR_LIST: ioc.searchAddress, EPICS_CA_AUTO_ADDR_LIST: 'NO' };
  transports = new Transports(settings, { begin: () => () => undefined }, () => undefined);
});
afterAll(async () => {
  transports.close();
  await ioc[Symbol.asyncDispose]();
});

// A C IOC refuses writing by access security alone, which has a file of its own: the simulated IOC tests that.
signalBackendContract('Channel Access', (body) => body({ open: (name) => transports.backend(`ca://b:${name}`) }), {
  hasReadOnly: false,
});

const connected = async <T>(pv: string, name = 'x') => {
  const signal = new EpicsSignal<T>(pv, { name });
  await signal.connect(transports, 5);
  return signal;
};

test('a signal describes itself as its record does', async () => {
  const signal = await connected<number>('b:number');
  expect(await signal.describe()).toEqual({
    x: {
      source: 'ca://b:number',
      dtype: 'number',
      shape: [],
      units: 'mm',
      precision: 3,
      limits: { control: { low: 0, high: 10 } },
    },
  });
  await expect(signal.set(11).finished).rejects.toThrow('x must be from 0 to 10, received 11');
  signal.disconnect();
});

test('an array is an array in documents, a long string is text', async () => {
  const list = await connected<number[]>('b:list');
  await list.set([1, 2.5]).finished;
  expect(await list.read()).toMatchObject({ x: { value: Float64Array.of(1, 2.5) } });
  expect(await list.describe()).toMatchObject({ x: { dtype: 'array', shape: [5] } });

  const text = await connected<string>('b:number.DESC$');
  await text.set('ein Wert, der länger ist').finished;
  expect(await text.read()).toMatchObject({ x: { value: 'ein Wert, der länger ist' } });
  expect(await text.describe()).toMatchObject({ x: { dtype: 'string', shape: [] } });
  list.disconnect();
  text.disconnect();
});

test('a signal whose IOC is gone refuses at once, by name, and is read again when the IOC is back', async () => {
  const signal = await connected<number>('b:number');
  signal.stage();
  const lost = new Promise((resolve) => signal.onDisconnect(resolve));

  await ioc.kill();
  await lost;
  await expect(signal.get()).rejects.toThrow('b:number');
  await expect(signal.set(1).finished).rejects.toThrow('b:number');

  await ioc.boot();
  await expect.poll(() => signal.isConnected, { timeout: 20_000 }).toBe(true);
  expect(await signal.read()).toMatchObject({ x: { value: 0 } });
  signal.disconnect();
});

test('a signal that did not answer in time is used as soon as its IOC is there', async () => {
  await ioc.kill();
  const signal = new EpicsSignal<number>('b:number', { name: 'x', expects: { dtype: 'number' } });
  await expect(signal.connect(transports, 0.1)).rejects.toThrow('Not connected within 0.1 s: ca://b:number');
  await expect(signal.get()).rejects.toThrow('ca://b:number');

  await ioc.boot();

  await expect.poll(() => signal.isConnected, { timeout: 20_000 }).toBe(true);
  expect(await signal.get()).toBe(0);
  signal.disconnect();
});
