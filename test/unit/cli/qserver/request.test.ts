import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../../src/cli/qserver/commands.ts';
import { requestOf } from '../../../../src/cli/qserver/request.ts';
import { CommandRefused } from '../../../../src/cli/qserver/words.ts';
import { repr } from '../../../../src/lib/python-text/repr.ts';

const folder = mkdtempSync(join(tmpdir(), 'qserver-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Words are typed with spaces between them; quoted ones stay whole. */
const typed = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
const PLAN = "{'name': 'count', 'args': [['det1']], 'kwargs': {'num': 1.0}}";
const PLAN_TEXT = '"name":"count","args":[["det1"]],"kwargs":{"num":1.0}';
const BY = '"user":"qserver-cli","user_group":"primary"';

describe('what is typed becomes one request', () => {
  test.each([
    ['ping', 'ping', '{}'],
    ['config', 'config_get', '{}'],
    ['environment update background', 'environment_update', '{"run_in_background":true}'],
    ['existing devices', 'devices_existing', '{}'],
    ['allowed plans', 'plans_allowed', '{"user_group":"primary"}'],
    ['permissions reload lists', 'permissions_reload', '{"restore_plans_devices":true}'],
    [
      'queue add instruction queue-stop',
      'queue_item_add',
      `{"item":{"name":"queue_stop","item_type":"instruction"},${BY}}`,
    ],
    ['queue item get', 'queue_item_get', '{}'],
    ['queue item get -1', 'queue_item_get', '{"pos":-1}'],
    ['queue item remove front', 'queue_item_remove', '{"pos":"front"}'],
    ['queue item remove some-uid', 'queue_item_remove', '{"uid":"some-uid"}'],
    ['queue item move 2 5', 'queue_item_move', '{"pos":2,"pos_dest":5}'],
    ['queue item move back front', 'queue_item_move', '{"pos":"back","pos_dest":"front"}'],
    ['queue item move uid-1 before uid-2', 'queue_item_move', '{"uid":"uid-1","before_uid":"uid-2"}'],
    ['queue item move 0 after uid-2', 'queue_item_move', '{"pos":0,"after_uid":"uid-2"}'],
    ['queue stop', 'queue_stop', '{}'],
    ['queue stop cancel', 'queue_stop_cancel', '{}'],
    ['queue autostart enable', 'queue_autostart', '{"enable":true}'],
    ['queue mode set', 'queue_mode_set', '{"mode":{}}'],
    ['queue mode set loop True', 'queue_mode_set', '{"mode":{"loop":true}}'],
    ['queue mode set loop true', 'queue_mode_set', '{"mode":{"loop":"true"}}'],
    ['re pause', 're_pause', '{"option":"deferred"}'],
    ['re pause immediate', 're_pause', '{"option":"immediate"}'],
    ['re runs', 're_runs', '{}'],
    ['re runs closed', 're_runs', '{"option":"closed"}'],
    ['history clear', 'history_clear', '{}'],
    ['history clear 1_000', 'history_clear', '{"size":1000}'],
    ['history clear some-uid', 'history_clear', '{"item_uid":"some-uid"}'],
    ['task result some-uid', 'task_result', '{"task_uid":"some-uid"}'],
    ['kernel interrupt plan task', 'kernel_interrupt', '{"interrupt_task":true,"interrupt_plan":true}'],
    [
      'lock all "back in an hour"',
      'lock',
      '{"environment":true,"queue":true,"note":"back in an hour","user":"qserver-cli"}',
    ],
    ['manager stop safe off', 'manager_stop', '{"option":"safe_off"}'],
    ['manager kill test', 'manager_kill', '{}'],
  ])('%s', async (line, method, params) => {
    expect(await requestOf(typed(line), null)).toEqual({ method, params });
  });

  test.each([
    [['queue', 'add', 'plan', PLAN], 'queue_item_add', `{"item":{${PLAN_TEXT},"item_type":"plan"},${BY}}`],
    [
      ['queue', 'add', 'plan', '-1', PLAN],
      'queue_item_add',
      `{"pos":-1,"item":{${PLAN_TEXT},"item_type":"plan"},${BY}}`,
    ],
    [
      ['queue', 'add', 'plan', 'before', 'uid-1', PLAN],
      'queue_item_add',
      `{"before_uid":"uid-1","item":{${PLAN_TEXT},"item_type":"plan"},${BY}}`,
    ],
    [
      ['queue', 'replace', 'plan', 'uid-1', PLAN],
      'queue_item_update',
      `{"item":{${PLAN_TEXT},"item_uid":"uid-1","item_type":"plan"},"replace":true,${BY}}`,
    ],
    [['queue', 'execute', 'plan', PLAN], 'queue_item_execute', `{"item":{${PLAN_TEXT},"item_type":"plan"},${BY}}`],
    [
      ['function', 'execute', "{'name': 'f'}", 'background'],
      'function_execute',
      `{"item":{"name":"f","item_type":"function"},"run_in_background":true,${BY}}`,
    ],
  ])('%j', async (words, method, params) => {
    expect(await requestOf(words, null)).toEqual({ method, params });
  });

  test('a script goes out as it stands in its file', async () => {
    const script = 'export const α = "\\n";\n';
    const { params } = await requestOf(
      ['script', 'upload', file('script.ts', script), 'keep-lists', 'background'],
      null,
    );
    expect(JSON.parse(params)).toEqual({ script, run_in_background: true, update_re: false, update_lists: false });
  });

  test('permissions go out as the YAML says', async () => {
    const path = file('permissions.yaml', 'user_groups:\n  root:\n    allowed_plans: [null, "^a"]\n');
    const { method, params } = await requestOf(['permissions', 'set', path], null);
    expect(method).toBe('permissions_set');
    expect(params).toBe('{"user_group_permissions":{"user_groups":{"root":{"allowed_plans":[null,"^a"]}}}}');
  });
});

describe('the lock key', () => {
  test.each(['queue clear', 'queue start', 'queue autostart enable', 'lock info', 'unlock', 'history clear'])(
    'goes with %s, whose method takes one',
    async (line) => {
      const { params } = await requestOf(typed(line), 'sesame');
      expect(params).toContain('"lock_key":"sesame"');
    },
  );

  test.each(['status', 'queue get', 're runs', 're metadata', 'queue item get', 'allowed plans', 'manager stop'])(
    'stays away from %s, whose method would refuse it',
    async (line) => {
      const { params } = await requestOf(typed(line), 'sesame');
      expect(params).not.toContain('lock_key');
    },
  );
});

test('an empty lock key is refused', async () => {
  await expect(requestOf(['status'], '')).rejects.toThrow('Lock key must be a non-empty string');
});

describe('what is no command is refused, and says why', () => {
  test.each([
    ['look', "Unrecognized command 'look'"],
    ['queue', "Request 'queue' is not supported. Known are 'queue add plan', 'queue add instruction',"],
    ['queue fill', "Request 'queue fill' is not supported"],
    ['lock', "Request 'lock' is not supported. Known are 'lock environment'"],
    ['manager stop safe', "Unknown option 'safe' in the command 'manager stop safe'"],
    ['ping twice', "Unknown option 'twice' in the command 'ping twice'"],
    ['queue add plan', "Some parameters are missing in request 'queue add plan': a plan is expected"],
    ['queue add plan back', "Some parameters are missing in request 'queue add plan back': a plan is expected"],
    ['queue add instruction sleep', 'Unsupported instruction type: sleep'],
    ['queue add plan {', "Error occurred while parsing the plan '{': '{' was never closed (<unknown>, line 1)"],
    ['queue add plan [1]', "A plan must be a dictionary whose keys are strings, received '[1]'"],
    ['queue add plan print(1)', "Error occurred while parsing the plan 'print(1)': malformed node or string"],
    ["queue add plan {'name':{1,2}}", "'item' holds what JSON cannot say, such as a set or bytes"],
    ['queue item move 0', "The destination in 'queue item move 0' must be 'front', 'back', an index, or"],
    ['queue item move 1 beside uid', "received 'beside'"],
    ['queue item move 0 after', "Some parameters are missing in request 'queue item move 0 after': a UID is expected"],
    [
      'queue mode set loop',
      "Some parameters are missing in request 'queue mode set loop': a value of 'loop' is expected",
    ],
    ['queue autostart', "Request 'queue autostart' is not supported"],
    ['re pause now', "Unknown option 'now' in the command 're pause now'"],
    ['lock environment queue', "Unknown option 'queue' in the command 'lock environment queue'"],
    ['task status', "Some parameters are missing in request 'task status': a UID is expected"],
    ['permissions set /not/there', "failed to read the user group permissions from file '/not/there': ENOENT"],
    ['script upload /not/there', "failed to read the script from file '/not/there': ENOENT"],
  ])('%s', async (line, sentence) => {
    const refusal = await requestOf(typed(line), null).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CommandRefused);
    expect((refusal as CommandRefused).message).toContain(sentence);
  });

  test('a file that is no YAML is refused with its place', async () => {
    const path = file('broken.yaml', 'user_groups: [\n');
    await expect(requestOf(['permissions', 'set', path], null)).rejects.toThrow(/not YAML: .*line 2/s);
  });
});

describe('whatever is typed', () => {
  const word = fc.oneof(
    fc.constantFrom(...new Set(COMMANDS.flatMap(({ words }) => words.split(' ')))),
    fc.constantFrom('before', 'after', 'front', '-1', "{'name': 'count'}", 'queue-stop'),
    fc.string(),
  );

  test('is one request or one refusal, never a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
        const outcome = await requestOf(words, 'key').catch((error: unknown) => error);
        if (!(outcome instanceof CommandRefused)) JSON.parse((outcome as { params: string }).params);
      }),
      { numRuns: 1000 },
    );
  });

  test('a plan that Python writes arrives as it was', async () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.integer(), tie('list'), tie('dict')),
      list: fc.array(tie('any'), { maxLength: 4 }),
      dict: fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
    })).dict;
    await fc.assert(
      fc.asyncProperty(value, async (plan) => {
        const { params } = await requestOf(['queue', 'add', 'plan', repr(plan as never)], null);
        const { item } = JSON.parse(params) as { item: object };
        expect(item).toEqual({ ...(plan as object), item_type: 'plan' });
      }),
      { numRuns: 300 },
    );
  });
});
