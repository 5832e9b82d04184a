import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMAND } from '../../../../../src/epics/ca/codec/commands.ts';
import { type CaMessage, encodeMessage } from '../../../../../src/epics/ca/codec/message.ts';
import { MessageParser, parseDatagram } from '../../../../../src/epics/ca/codec/parser.ts';

const aMessage = (payloadBytes: number, count = 1): Buffer =>
  Buffer.concat(
    encodeMessage({ command: COMMAND.READ_NOTIFY, type: 6, count, p1: 7, p2: 9 }, Buffer.alloc(payloadBytes, 0xab)),
  );

const pushed = (parser: MessageParser, stream: Buffer, sizes: readonly number[]): CaMessage[] => {
  const messages: CaMessage[] = [];
  for (let offset = 0, turn = 0; offset < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    messages.push(...parser.push(stream.subarray(offset, offset + size)));
    offset += size;
  }
  return messages;
};

test('a stream gives the same messages however it is chopped', () => {
  const stream = Buffer.concat([
    aMessage(0),
    aMessage(8),
    aMessage(0x10008, 0x2001),
    aMessage(16),
    aMessage(0, 70_000),
  ]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 8 }), (sizes) => {
      const messages = pushed(new MessageParser(1 << 20), stream, sizes);
      expect(messages.map(({ payload, count }) => [payload.length, count])).toEqual([
        [0, 1],
        [8, 1],
        [0x10008, 0x2001],
        [16, 1],
        [0, 70_000],
      ]);
      expect(messages.every(({ command, type, p1, p2 }) => command === 15 && type === 6 && p1 === 7 && p2 === 9)).toBe(
        true,
      );
      expect(messages.every(({ payload }) => payload.every((byte) => byte === 0xab))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a stream that comes byte by byte is understood', () => {
  expect(pushed(new MessageParser(1024), Buffer.concat([aMessage(24), aMessage(8)]), [1])).toHaveLength(2);
});

test('a message over the limit ends the reading and says what it claimed', () => {
  const parser = new MessageParser(100_000);
  const messages = parser.push(Buffer.concat([aMessage(8), aMessage(200_000).subarray(0, 30)]));
  expect(messages).toHaveLength(1);
  expect(parser.oversizedBytes).toBe(200_000);
  expect(parser.push(aMessage(8))).toEqual([]);
});

test('random bytes never make the parser throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
      const parser = new MessageParser(4096);
      for (const chunk of chunks) parser.push(Buffer.from(chunk));
    }),
  );
});

test('a datagram is read up to where it is truncated, and junk gives nothing', () => {
  const whole = Buffer.concat([aMessage(0), aMessage(8)]);
  expect(parseDatagram(whole)).toHaveLength(2);
  expect(parseDatagram(whole.subarray(0, whole.length - 1))).toHaveLength(1);
  expect(parseDatagram(Buffer.alloc(0))).toEqual([]);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 1500 }), (bytes) => void parseDatagram(Buffer.from(bytes))));
});
