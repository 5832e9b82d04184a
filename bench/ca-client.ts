import { CaContext } from '../src/epics/index.ts';
import { CIoc } from '../test/support/epics/c-ioc.ts';

/**
 * What the Channel Access client does in a second, against a C IOC on loopback: `node bench/ca-client.ts`. The round trips
 * of one channel, one after another, are what the wire and the IOC allow; the other rows are told beside them.
 */
const NAMES = Array.from({ length: 10_000 }, (_, index) => `load:${index}`);
/** The first 2,000 records change ten times a second: 20,000 events a second in all. */
const TICKING = NAMES.slice(0, 2000);
const DATABASE = NAMES.map((name, index) =>
  index < TICKING.length
    ? `record(calc, "${name}") { field(SCAN, ".1 second") field(CALC, "VAL+1") }`
    : `record(ao, "${name}") { }`,
).join('\n');
const EVENTS = 100_000;

await using ioc = await CIoc.start(DATABASE);
using client = new CaContext({ addrList: [ioc.searchAddress], autoAddrList: false, beacons: false });

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};
const row = (what: string, figure: string): void => console.log(`${what.padEnd(36)} ${figure}`);

const channels = NAMES.map((name) => client.channel(name));
const connecting = await secondsOf(() => Promise.all(channels.map((channel) => channel.waitForConnection(30))));
row('connect 10,000 PVs', `${connecting.toFixed(2)} s`);

const last = client.channel('load:9999');
const inTurn = await secondsOf(async () => {
  for (let done = 0; done < 20_000; done++) await last.get();
});
row('reads one after another', `${Math.round(20_000 / inTurn)} /s`);

const together = await secondsOf(async () => {
  for (let round = 0; round < 80; round++) await Promise.all(Array.from({ length: 1000 }, () => last.get()));
});
row('reads, 1,000 at once', `${Math.round(80_000 / together)} /s`);

let events = 0;
const enough = Promise.withResolvers<void>();
const cpu = process.cpuUsage();
const monitored = await secondsOf(async () => {
  for (const channel of channels.slice(0, TICKING.length)) {
    channel.subscribe(() => {
      events += 1;
      if (events === EVENTS) enough.resolve();
    });
  }
  await enough.promise;
});
const { user, system } = process.cpuUsage(cpu);
row('monitor events, 20,000 /s offered', `${Math.round(EVENTS / monitored)} /s`);
row('of a core for them', `${((100 * (user + system)) / 1e6 / monitored).toFixed(1)} %`);
