import { expect, test } from 'vitest';
import { capturePrinting } from '../../../../src/worker/console/capture.ts';

const stream = () => {
  const written: unknown[] = [];
  return { written, write: (chunk: string | Uint8Array) => written.push(chunk) > 0 };
};

test('what is printed goes on to where it went, and its text is told', () => {
  const [out, told] = [stream(), [] as string[]];
  const release = capturePrinting([out], (text) => told.push(text));

  out.write('one\n');
  out.write(Buffer.from('zwölf'));
  release();
  out.write('later');

  expect(told).toEqual(['one\n', 'zwölf']);
  expect(out.written).toEqual(['one\n', Buffer.from('zwölf'), 'later']);
});

test('what the listener itself prints is not told again', () => {
  const [out, told] = [stream(), [] as string[]];
  capturePrinting([out], (text) => {
    told.push(text);
    out.write('from the listener');
  });

  out.write('one');

  expect(told).toEqual(['one']);
  expect(out.written).toHaveLength(2);
});
