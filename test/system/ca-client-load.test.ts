import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaContext } from '../../src/epics/index.ts';
import { CIoc } from '../support/epics/c-ioc.ts';
import { clientOf, Collected } from '../support/epics/clients.ts';

const NAMES = Array.from({ length: 10_000 }, (_, index) => `load:${index}`);
/** The first 2,000 records change ten times a second: 20,000 events a second in all. */
const TICKING = NAMES.slice(0, 2000);
const DATABASE = NAMES.map((name, index) =>
  index < TICKING.length
    ? `record(calc, "${name}") { field(SCAN, ".1 second") field(CALC, "VAL+1") }`
    : `record(ao, "${name}") { }`,
).join('\n');

let ioc: CIoc;
beforeAll(async () => {
  ioc = await CIoc.start(DATABASE);
});
afterAll(() => ioc[Symbol.asyncDispose]());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const connectAll = async (client: CaContext, names: readonly string[]) => {
  const channels = names.map((name) => client.channel(name));
  await Promise.all(channels.map((channel) => channel.waitForConnection(10)));
  return channels;
};

test('10,000 channels are connected, and read, in less than 120 MB', async () => {
  using client = clientOf([ioc]);
  const before = process.memoryUsage.rss();
  const channels = await connectAll(client, NAMES);
  expect(process.memoryUsage.rss() - before).toBeLessThan(120e6);
  const readings = await Promise.all(channels.map((channel) => channel.get()));
  expect(readings).toHaveLength(NAMES.length);
});

test('100,000 reads leave less than 5 MB', async () => {
  using client = clientOf([ioc]);
  const channel = await client.channel('load:9999').waitForConnection(5);
  const read = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done++) await channel.get();
  };
  await read(5000);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  await read(20_000);
  for (let round = 0; round < 80; round++) {
    await Promise.all(Array.from({ length: 1000 }, () => channel.get()));
  }
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5e6);
});

test('of 20,000 events a second none is lost', async () => {
  using client = clientOf([ioc]);
  const channels = await connectAll(client, TICKING);
  const events = new Collected<number>();
  const counted = new Map<string, number[]>();
  for (const channel of channels) {
    const values: number[] = [];
    counted.set(channel.name, values);
    channel.subscribe(({ value }) => {
      values.push(value as number);
      events.add(1);
    });
  }
  await events.take(TICKING.length);
  await events.take(TICKING.length + 60_000);
  for (const values of counted.values()) {
    for (const [index, value] of values.slice(1).entries()) expect(value - (values[index] ?? 0)).toBe(1);
  }
});
