import { describe, expect, test } from 'vitest';
import { ConsoleLog } from '../../../src/streams/console-log.ts';
import { ConsoleText } from '../../../src/streams/console-text.ts';

const written = (...pieces: string[]) => {
  const text = new ConsoleText(100);
  for (const piece of pieces) text.write(piece);
  return text.lines();
};

describe('console text', () => {
  test('pieces of a line are joined, and each newline begins one', () => {
    expect(written('Starting', ' the plan\nQueue', ' is empty\n')).toBe('Starting the plan\nQueue is empty');
  });

  test('a carriage return writes over the line, as progress bars do', () => {
    expect(written('10 %', '\r20 %', '\rdone')).toBe('done');
  });

  test('a shorter text over a longer one leaves its end, as on a terminal', () => {
    expect(written('abcdef\rXY')).toBe('XYcdef');
  });

  test('ESC [ A goes a line up, and below it the column is filled with blanks', () => {
    expect(written('one\ntwo three\u001b[A+\n')).toBe('one      +\ntwo three');
  });

  test('beyond the limit the first lines go', () => {
    const text = new ConsoleText(2);
    for (const line of ['a', 'b', 'c']) text.write(`${line}\n`);
    expect(text.lines()).toBe('b\nc');
  });

  test('the last lines can be asked for; zero is none', () => {
    const text = new ConsoleText(10);
    text.write('a\nb\nc\n');
    expect([text.lines(2), text.lines(0), text.lines(-1), text.lines(99)]).toEqual(['b\nc', '', '', 'a\nb\nc']);
  });

  test('a line without an end does not grow for ever', () => {
    const text = new ConsoleText(10);
    for (let n = 0; n < 100; n++) text.write('x'.repeat(1000));
    expect(text.lines().length).toBe(10_000);
  });
});

describe('the console log', () => {
  const aFrame = (msg: string) => ({ time: 1, msg });

  test('gives what came after the message that a client has', () => {
    const log = new ConsoleLog();
    log.add(aFrame('a\n'));
    const { last_msg_uid } = log.since('ALL');
    log.add(aFrame('b\n'));

    expect(log.since(last_msg_uid).console_output_msgs).toEqual([aFrame('b\n')]);
    expect(log.since(log.since('').last_msg_uid).console_output_msgs).toEqual([]);
  });

  test('a UID that it does not know gives no message, but the UID to go on with', () => {
    const log = new ConsoleLog();
    log.add(aFrame('a\n'));
    expect(log.since('unknown')).toEqual({ last_msg_uid: log.since('ALL').last_msg_uid, console_output_msgs: [] });
  });

  test('keeps two thousand messages', () => {
    const log = new ConsoleLog();
    for (let n = 0; n < 2100; n++) log.add(aFrame(`${n}\n`));
    const kept = log.since('ALL').console_output_msgs;
    expect([kept.length, kept[0]?.msg]).toEqual([2000, '100\n']);
  });

  test('the UID of the text changes with each message', () => {
    const log = new ConsoleLog();
    const before = log.textUid;
    log.add(aFrame(''));
    expect(log.textUid).not.toBe(before);
  });
});
