import { expect, test } from 'vitest';
import { DBR } from '../../src/epics/index.ts';
import { clientOf } from '../support/epics/clients.ts';
import { libca } from '../support/epics/libca.ts';
import { type ScriptedPv, startServer } from '../support/epics/scripted-server.ts';

/** The server's half of the codec, as libca reads it: client and server share the codec, and must not share a misreading. */
test('libca reads of a server that uses our codec what our client reads, of each type, scalar and array', async () => {
  const pvs: Record<string, ScriptedPv> = {
    string: { type: DBR.STRING, count: 1, value: 'hello' },
    short: { type: DBR.SHORT, count: 1, value: -12_345 },
    float: { type: DBR.FLOAT, count: 1, value: 0.5 },
    enum: { type: DBR.ENUM, count: 1, value: 3 },
    char: { type: DBR.CHAR, count: 1, value: 200 },
    long: { type: DBR.LONG, count: 1, value: -2_000_000_000 },
    double: { type: DBR.DOUBLE, count: 1, value: Math.PI },
    strings: { type: DBR.STRING, count: 3, value: ['a', '', 'x'.repeat(39)] },
    shorts: { type: DBR.SHORT, count: 3, value: [1, -2, 3] },
    floats: { type: DBR.FLOAT, count: 2, value: [1.5, -0.25] },
    chars: { type: DBR.CHAR, count: 256, value: Uint8Array.from({ length: 256 }, (_, index) => index) },
    longs: { type: DBR.LONG, count: 2, value: [2 ** 31 - 1, -(2 ** 31)] },
    doubles: { type: DBR.DOUBLE, count: 20_000, value: Float64Array.from({ length: 20_000 }, (_, index) => index / 7) },
  };
  const names = Object.keys(pvs);
  await using server = await startServer(pvs);
  using client = clientOf([server]);

  const ours = names.map(async (name) => {
    const channel = await client.channel(name).waitForConnection(5);
    const { value } = await channel.get({ form: 'plain' });
    const list = typeof value === 'object' ? [...value] : [value];
    return { type: channel.nativeType, count: channel.nativeCount, value: list };
  });

  const theirs = await libca(
    server.searchAddress,
    names.map((name) => ({ get: name })),
  );
  expect(theirs).toEqual(await Promise.all(ours));
  expect(theirs.map(({ type }) => type)).toEqual(Object.values(pvs).map(({ type }) => type));
});

test('what libca writes is read by our client', async () => {
  await using server = await startServer({ text: { type: DBR.STRING, count: 2, value: ['', ''] } });
  using client = clientOf([server]);
  const answers = await libca(server.searchAddress, [{ put: 'text', as: ['left', 'right'] }]);
  expect(answers).toEqual([{ status: 1 }]);
  const channel = await client.channel('text').waitForConnection(5);
  expect((await channel.get()).value).toEqual(['left', 'right']);
});
