import { expect, test } from 'vitest';
import { EnumStates } from '../../../../../src/epics/ca/channel/enum-states.ts';

const reading = (...states: string[]) => {
  const calls: Promise<readonly string[]>[] = [];
  const read = (): Promise<readonly string[]> => {
    calls.push(Promise.resolve(states));
    return Promise.resolve(states);
  };
  return { read, calls };
};

test('a known state and an index in digits go without another read', async () => {
  const states = new EnumStates('X');
  const { read, calls } = reading('Off', 'On');
  for (const text of ['On', 'Off', '1', '0']) await states.sendInTurn([text], read, () => Promise.resolve());
  expect(calls).toHaveLength(1);
});

test('a text that is no state is refused, after looking whether the states were renamed', async () => {
  const states = new EnumStates('X');
  await states.sendInTurn(['On'], reading('Off', 'On').read, () => Promise.resolve());
  const { read, calls } = reading('Closed', 'Open');
  await states.sendInTurn(['Open'], read, () => Promise.resolve());
  const refused = states.sendInTurn(['2'], read, () => Promise.resolve());
  await expect(refused).rejects.toMatchObject({ code: 160, message: "X: '2' is none of the states Closed, Open" });
  expect(calls).toHaveLength(2);
});

test('a menu with more states than can be told is left to the IOC', async () => {
  const states = new EnumStates('X');
  const menu = Array.from({ length: 16 }, (_, index) => `state ${index}`);
  expect(await states.sendInTurn(['17th'], reading(...menu).read, () => Promise.resolve('sent'))).toBe('sent');
});

test('puts leave in the order of their calls, also behind one that waits for the states', async () => {
  const states = new EnumStates('X');
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const sent: string[] = [];
  const put = (name: string, texts: string[], read = () => promise) =>
    states.sendInTurn(texts, read, () => Promise.resolve(void sent.push(name)));
  const puts = [put('text', ['On']), put('number', []), put('unknown', ['Nope']), put('last', [])];
  expect(sent).toEqual([]);
  resolve(['Off', 'On']);
  const outcomes = await Promise.allSettled(puts);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(sent).toEqual(['text', 'number', 'last']);
});
