import { expect, test } from 'vitest';
import { itemCall } from '../../../../src/worker/environment/plan-item.ts';

test("an item's text is read as the call that it asks for, Python's number words included", () => {
  const text =
    '{"name":"scan","item_type":"plan","args":[["det1"],NaN],"kwargs":{"num":3,"md":{"a":null}},"user":"Ann","user_group":"primary","item_uid":"u1"}';

  expect(itemCall(text)).toEqual({
    uid: 'u1',
    name: 'scan',
    args: [['det1'], Number.NaN],
    kwargs: { num: 3, md: { a: null } },
    meta: {},
    user: 'Ann',
    userGroup: 'primary',
  });
});

test('of several dictionaries of metadata the first one that names a key counts', () => {
  expect(itemCall('{"name":"a","meta":[{"a":1},{"a":2,"b":3}]}').meta).toEqual({ a: 1, b: 3 });
});

test.each([
  ['{"name":1}', "An item's name must be a string, received 1"],
  ['{"name":"a","args":{}}', "An item's args must be a list, received {}"],
  ['{"name":"a","kwargs":[]}', "An item's kwargs must be an object, received []"],
  ['{"name":"a","meta":[1]}', 'Plan metadata must be a dictionary or a list of dictionaries'],
  ['[]', 'JSON: expected'],
])('the item %s is refused with the rule and what was received', (text, refusal) => {
  expect(() => itemCall(text)).toThrow(refusal);
});
