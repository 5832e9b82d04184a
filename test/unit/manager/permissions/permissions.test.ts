import { describe, expect, test } from 'vitest';
import type { DeviceDescription, DeviceDescriptions, PlanDescriptions } from '../../../../src/protocol/descriptions.ts';
import { PARAMETER_KINDS } from '../../../../src/protocol/descriptions.ts';
import { DEFAULT_PERMISSIONS } from '../../../../src/manager/permissions/default-permissions.ts';
import { Permissions } from '../../../../src/manager/permissions/permissions.ts';

const aDevice = (components?: DeviceDescriptions): DeviceDescription => ({
  is_readable: true,
  is_movable: false,
  is_flyable: false,
  classname: 'Device',
  module: 'sim',
  ...(components && { components }),
});
const DEVICES: DeviceDescriptions = {
  det1: aDevice({ x: aDevice({ y: aDevice() }) }),
  det2: aDevice(),
  _secret: aDevice(),
};
const PLANS: PlanDescriptions = {
  count: {
    name: 'count',
    properties: { is_generator: true },
    parameters: [
      {
        name: 'detectors',
        kind: { name: 'POSITIONAL_OR_KEYWORD', value: PARAMETER_KINDS.POSITIONAL_OR_KEYWORD },
        annotation: { type: 'list[Dets]', devices: { Dets: ['det1', 'det2', '_secret'] } },
      },
    ],
  },
  _hidden: { name: '_hidden', properties: { is_generator: true }, parameters: [] },
};

const someone = (group: object): Permissions => {
  const permissions = Permissions.fromJson({
    user_groups: {
      root: { allowed_plans: [null], allowed_devices: [null], allowed_functions: [null], forbidden_devices: [':^_'] },
      someone: group,
    },
  });
  permissions.update(PLANS, DEVICES);
  return permissions;
};

describe('the lists of a group', () => {
  test('hold what root allows and the group chooses of it', () => {
    const permissions = someone({ allowed_plans: [':.*'], forbidden_plans: [':^_'], allowed_devices: [':.*'] });

    expect(Object.keys(permissions.allowed('someone')?.plans ?? {})).toEqual(['count']);
    expect(Object.keys(permissions.allowed('someone')?.devices ?? {})).toEqual(['det1', 'det2']);
  });

  test('show in the annotations of a plan only what the group may use', () => {
    const permissions = someone({ allowed_plans: ['count'], allowed_devices: ['det2'] });

    const annotation = permissions.allowed('someone')?.plans['count']?.parameters[0]?.annotation;
    expect(annotation?.devices).toEqual({ Dets: ['det2'] });
  });

  test('keep a device that is not allowed on the way to a part that is, marked as excluded', () => {
    const permissions = someone({ allowed_devices: ['det1.x.y'] });

    const det1 = permissions.allowed('someone')?.devices['det1'];
    expect(det1).toMatchObject({ excluded: true, components: { x: { excluded: true, components: { y: {} } } } });
    expect(det1?.components?.['x']?.components?.['y']).not.toHaveProperty('excluded');
  });

  test('are empty where a pattern cannot be read, and the other groups keep theirs', () => {
    const permissions = someone({ allowed_plans: [':['] });

    expect(permissions.allowed('someone')).toEqual({ plans: {}, devices: {} });
    expect(Object.keys(permissions.allowed('root')?.plans ?? {})).toEqual(['count', '_hidden']);
    expect(permissions.problems).toEqual([
      "User group 'someone': Name pattern ':[' contains invalid regular expression '['",
    ]);
  });

  test('tell whether they differ from before', () => {
    const permissions = someone({ allowed_plans: [':.*'] });

    expect(permissions.update(PLANS, DEVICES)).toEqual({ plans: false, devices: false });
    expect(permissions.update({}, DEVICES)).toEqual({ plans: true, devices: false });
  });

  test('leave what exists as it was', () => {
    const before = JSON.stringify([PLANS, DEVICES]);
    someone({ allowed_plans: ['count'], allowed_devices: ['det1.x'] });
    expect(JSON.stringify([PLANS, DEVICES])).toBe(before);
  });
});

describe('an item', () => {
  const permissions = someone({ allowed_plans: ['count'], allowed_devices: ['det1'], allowed_functions: [':^ok'] });
  const judge = (item: Parameters<Permissions['validateItem']>[0], group = 'someone') =>
    permissions.validateItem(item, group);

  test('that is a plan binds its arguments', () => {
    const verdict = judge({ item_type: 'plan', name: 'count', args: [['det1']] });
    expect(verdict).toEqual({ ok: true, bound: new Map([['detectors', ['det1']]]) });
  });

  test('may not name a device that the group may not use', () => {
    expect(judge({ item_type: 'plan', name: 'count', args: [['det2']] })).toMatchObject({ ok: false, stage: 'schema' });
  });

  test.each([
    [{ item_type: 'instruction', name: 'queue_stop' }, ''],
    [{ item_type: 'function', name: 'ok_1' }, ''],
    [{ item_type: 'instruction', name: 'x' }, "Unrecognized instruction: {'item_type': 'instruction', 'name': 'x'}"],
    [{ item_type: 'function', name: 'no' }, "Function 'no' is not allowed for users from 'someone' group."],
    [{ item_type: 'function' }, "Function name is not specified: {'item_type': 'function'}"],
    [{ item_type: 'function', name: 'ok', args: 5 }, "Parameter 'args' is not a tuple or a list: <class 'int'>"],
    [{ item_type: 'function', name: 'ok', kwargs: [] }, "Parameter 'kwargs' is not a dictionary: <class 'list'>"],
    [{ item_type: 'x' }, "Invalid item: {'item_type': 'x'}"],
  ])('%j is judged with the words of the original', (item, msg) => {
    expect(judge(item)).toMatchObject(msg === '' ? { ok: true } : { ok: false, stage: 'item', msg });
  });

  test('of a group that is not known is refused', () => {
    expect(judge({ item_type: 'instruction', name: 'queue_stop' }, 'nobody')).toMatchObject({
      msg: "Unknown user group: 'nobody'",
    });
  });
});

describe('a permission file', () => {
  test('with a lookahead is refused by name, with the line', () => {
    const text = ['user_groups:', '  root: {}', '  users:', '    allowed_plans:', '      - count', "      - ':(?!x)'"];
    expect(() => Permissions.fromText(text.join('\n'))).toThrow(
      "line 6, allowed_plans of group 'users': Name pattern ':(?!x)' contains a lookahead, which is not supported",
    );
  });

  test('whose aliases multiply beyond measure is refused', () => {
    const levels = Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    expect(() => Permissions.fromText(`a0: &a0 [x]\n${levels.join('\n')}`)).toThrow(/alias/i);
  });

  test('comes back as the dictionary that it holds', () => {
    expect(Permissions.fromText('user_groups: {root: {allowed_plans: [null]}}').toJson()).toEqual({
      user_groups: { root: { allowed_plans: [null] } },
    });
  });
});

test('the default permissions can be read and know the three groups of the original', () => {
  expect(Permissions.fromJson(DEFAULT_PERMISSIONS).groups).toEqual(['root', 'primary', 'test_user']);
});

describe('a preview', () => {
  const preview = (group: object) => someone(group).preview('someone', { plans: PLANS, devices: DEVICES });

  test('says of each plan which entry of which list decided', () => {
    expect(preview({ allowed_plans: [':^c'], forbidden_plans: [] })?.plans).toEqual({
      count: { allowed: true, decided_by: { user_group: 'someone', list: 'allowed_plans', entry: ':^c' } },
      _hidden: { allowed: false, decided_by: { user_group: 'someone', list: 'allowed_plans', entry: null } },
    });
  });

  test('says when root forbids it for all', () => {
    expect(preview({ allowed_devices: [null] })?.devices['_secret']).toEqual({
      allowed: false,
      decided_by: { user_group: 'root', list: 'forbidden_devices', entry: ':^_' },
    });
  });

  test('tells parts of devices by their full names, each with the last entry that means it', () => {
    const devices = preview({ allowed_devices: [':^det:?.*'], forbidden_devices: ['det1.x.y'] })?.devices;
    expect(devices?.['det1.x']).toMatchObject({ allowed: true });
    expect(devices?.['det1.x.y']).toEqual({
      allowed: false,
      decided_by: { user_group: 'someone', list: 'forbidden_devices', entry: 'det1.x.y' },
    });
  });

  test('agrees with the lists that the group gets', () => {
    const group = { allowed_plans: [':.*'], forbidden_plans: [':^_'], allowed_devices: ['det2', 'det1.x.y'] };
    const permissions = someone(group);
    const { plans = {}, devices = {} } = preview(group) ?? {};
    const allowed = (entries: object) =>
      Object.entries(entries as Record<string, { allowed: boolean }>).flatMap(([name, each]) =>
        each.allowed ? name : [],
      );
    expect(allowed(plans)).toEqual(Object.keys(permissions.allowed('someone')?.plans ?? {}));
    expect(allowed(devices)).toEqual(['det1.x.y', 'det2']);
  });

  test('is none for a group that is not known', () => {
    expect(someone({}).preview('strangers', { plans: PLANS, devices: DEVICES })).toBeUndefined();
  });
});
