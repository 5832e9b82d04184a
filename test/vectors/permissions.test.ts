import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { casesOf, fixture } from './recorded.ts';
import type { DeviceDescriptions, PlanDescription, PlanDescriptions } from '../../src/protocol/descriptions.ts';
import { allowedLists } from '../../src/manager/permissions/allowed-lists.ts';
import { isFunctionAllowed } from '../../src/manager/permissions/functions.ts';
import { readPermissionFile } from '../../src/manager/permissions/permission-file.ts';
import { userGroupPermissions } from '../../src/manager/permissions/user-groups.ts';
import type { UserGroupPermissions } from '../../src/manager/permissions/user-groups.ts';
import type { PyDict, PyJson } from '../../src/lib/python-text/py-value.ts';

/** Permissions as recorded from bluesky-queueserver 0.0.25 (BSD-3-Clause); whole messages, those of jsonschema included. */
interface Failure {
  type: string;
  message: string;
}

interface Validation {
  permissions: PyJson;
  error?: Failure;
}
describe('permissions/validate', () => {
  test.each(casesOf<Validation & { id: string }>('permissions', 'validate'))('$id', ({ permissions, error }) => {
    const validate = () => userGroupPermissions(permissions);
    if (error) expect(validate).toThrow(expect.objectContaining({ message: error.message }));
    else expect(validate()).toEqual(permissions);
  });
});

/** No file at all is no permissions: which file it is, is a setting, so that there always is one. */
const WITHOUT_A_FILE = new Set(['load-file/036', 'load-file/037']);
/** The sentence comes from the YAML parser, or shows a Python set, whose order is accidental. */
const OWN_WORDING = /(tab|colon|bad_alias|unknown_tag|two_docs|bad_escape|tag)\.yaml/;

interface FileCase {
  file: string | null;
  text: string | null;
  result?: PyJson;
  error?: Failure;
}
describe('permissions/load-file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamgate-permissions-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const cases = casesOf<FileCase & { id: string }>('permissions', 'load-file').filter(
    ({ id }) => !WITHOUT_A_FILE.has(id),
  );

  test.each(cases)('$id', ({ file, text, result, error }) => {
    const path = join(folder, file ?? '');
    if (text !== null) writeFileSync(path, text);
    const load = () => readPermissionFile(path);
    if (!error) expect(load()).toEqual(result);
    else if (OWN_WORDING.test(path)) expect(load).toThrow(/^Error while loading user group permissions from file '/);
    else expect(load).toThrow(expect.objectContaining({ message: error.message.replaceAll('<dir>', folder) }));
  });
});

interface FunctionCase {
  function: PyJson;
  group: string;
  permissions: 'sim' | UserGroupPermissions | null;
  result?: boolean;
  error?: Failure;
}
describe('permissions/functions', () => {
  test.each(casesOf<FunctionCase & { id: string }>('permissions', 'functions'))('$id', ({ group, ...recorded }) => {
    const { permissions, result, error } = recorded;
    const known = permissions === 'sim' ? fixture<UserGroupPermissions>('sim-user-group-permissions') : permissions;
    // No permissions are an empty dictionary here.
    const ask = () => isFunctionAllowed(recorded.function, group, known ?? ({} as UserGroupPermissions));
    if (error) expect(ask).toThrow(expect.objectContaining({ message: error.message }));
    else expect(ask()).toBe(result);
  });
});

interface ListsCase {
  kind: 'listed' | 'one-pattern' | 'fuzzed' | 'faulty';
  plans: 'permission-plans' | 'sim' | 'empty';
  devices: 'tree' | 'tree-excluded' | 'empty' | 'sim';
  permissions: UserGroupPermissions & PyDict;
  result: Record<string, Shown>;
}
interface Shown {
  plans: string[];
  devices: Tree;
  lists: Record<string, unknown>;
}
type Tree = [name: string, isExcluded: boolean][];

describe('permissions/allowed-lists', () => {
  test.each(casesOf<ListsCase & { id: string }>('permissions', 'allowed-lists'))('$id', (recorded) => {
    if (!('user_groups' in recorded.permissions)) {
      // The original then lets root use everything; here permissions of no form are refused before they get that far.
      expect(() => userGroupPermissions(recorded.permissions)).toThrow();
      return;
    }
    const { lists, problems } = allowedLists(plansOf(recorded), devicesOf(recorded), recorded.permissions);
    const shown = Object.fromEntries(
      Array.from(lists, ([group, { plans, devices }]) => [
        group,
        { plans: Object.keys(plans).sort(), devices: nodesOf(devices), lists: listsIn(plans) },
      ]),
    );
    if (problems.length === 0) {
      expect(shown).toEqual(recorded.result);
      return;
    }
    // The original stops at the faulty list; here that group has nothing and the others have theirs.
    expect(shown).toMatchObject(unspoiled(recorded, problems));
  });
});

function unspoiled({ result }: ListsCase, problems: readonly string[]): Partial<ListsCase['result']> {
  const isFaulty = (group: string) => problems.some((problem) => problem.startsWith(`User group '${group}'`));
  // There, root has all that exists then, and no list of a plan's annotation is narrowed.
  return Object.fromEntries(Object.entries(result).filter(([group]) => group !== 'root' && !isFaulty(group)));
}

const plansOf = ({ plans }: ListsCase): PlanDescriptions =>
  plans === 'empty' ? {} : fixture(plans === 'sim' ? 'sim-existing-plans' : plans);
const devicesOf = ({ devices }: ListsCase): DeviceDescriptions =>
  fixture(devices === 'sim' ? 'sim-existing-devices' : `devices-${devices}`);

function nodesOf(devices: DeviceDescriptions, parent = ''): Tree {
  return Object.entries(devices).flatMap(([own, { excluded = false, components = {} }]): Tree => {
    const name = parent + own;
    return [[name, excluded], ...nodesOf(components, `${name}.`)];
  });
}
function listsIn(plans: PlanDescriptions): Record<string, unknown> {
  return Object.fromEntries(Object.values(plans).flatMap((plan) => listsOf(plan)));
}
function listsOf({ name, parameters }: PlanDescription): [string, unknown][] {
  return parameters.flatMap(({ name: parameter, annotation }) =>
    (['devices', 'plans', 'enums'] as const).flatMap((section) =>
      Object.entries(annotation?.[section] ?? {}).map(([key, names]): [string, unknown] => [
        `${name}.${parameter}.${section}.${key}`,
        names,
      ]),
    ),
  );
}
