import { expect, test } from 'vitest';
import { queueGet, queueItemAdd } from '../../../src/protocol/methods/queue.ts';
import { status } from '../../../src/protocol/methods/server.ts';
import { preparedReply } from '../../../src/routes/reply-text.ts';

test('an item gets the args and kwargs that it lacks, and keeps the rest as it was', () => {
  const reply = '{"success": true, "item": {"name": "count", "kwargs": {"a": 1.0, "2": 3, "1": 4}}}';
  expect(preparedReply(queueItemAdd, reply).toString()).toBe(
    '{"success":true,"item":{"name": "count", "kwargs": {"a": 1.0, "2": 3, "1": 4},"args":[]}}',
  );
});

test.each(['{"item":{}}', '{"item":null}'])('what is no item is left alone: %s', (reply) => {
  expect(preparedReply(queueItemAdd, reply).toString()).toBe(reply);
});

test('every item of a queue is looked at, and the running one', () => {
  const reply = '{"items":[{"name":"a"},{"args":[],"kwargs":{}}],"running_item":{"name":"b","args":[1]}}';
  expect(JSON.parse(preparedReply(queueGet, reply).toString())).toEqual({
    items: [
      { name: 'a', args: [], kwargs: {} },
      { args: [], kwargs: {} },
    ],
    running_item: { name: 'b', args: [1], kwargs: {} },
  });
});

test('NaN and Infinity are null, but not inside strings', () => {
  expect(preparedReply(status, '{"a":NaN,"b":[-Infinity],"c":"NaN"}').toString()).toBe(
    '{"a":null,"b":[null],"c":"NaN"}',
  );
});
