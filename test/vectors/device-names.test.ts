import { describe, expect, test } from 'vitest';
import { casesOf, fixture } from './recorded.ts';
import type { DeviceDescriptions, ParameterAnnotation } from '../../src/protocol/descriptions.ts';
import { devicesMeant, isInList, isMeant } from '../../src/protocol/names/device-names.ts';
import { allowedDevices } from '../../src/manager/permissions/device-tree.ts';
import { isNameAllowed } from '../../src/manager/permissions/item-names.ts';
import { expandedAnnotation } from '../../src/protocol/names/expanded-annotation.ts';
import { namePattern } from '../../src/protocol/names/name-pattern.ts';
import { plansMeant } from '../../src/protocol/names/plan-names.ts';
import type { NameList } from '../../src/manager/permissions/user-groups.ts';
import type { PyJson } from '../../src/lib/python-text/py-value.ts';

/** Names and patterns as recorded from bluesky-queueserver 0.0.25 (BSD-3-Clause), error texts included. */
interface Case<R> {
  id: string;
  result?: R;
  error?: { type: string; message: string };
}
type Devices = 'tree' | 'tree-excluded' | 'empty' | 'sim' | null;
type Tree = [name: string, isExcluded: boolean][];

const devicesOf = (name: Devices): DeviceDescriptions =>
  name === null ? {} : fixture(name === 'sim' ? 'sim-existing-devices' : `devices-${name}`);

/** Patterns are matched in linear time, which lookahead and lookbehind do not allow: they are refused by name. */
const REFUSED_BY_NAME = new Set(['split/100', 'device-list/054', 'device-list/288', 'filter-tree/162']);

function replay<R, C extends Case<R>>(group: string, answer: (recorded: C) => R): void {
  describe(`device-names/${group}`, () => {
    test.each(casesOf<C>('device-names', group))('$id', (recorded) => {
      const replayed = () => answer(recorded);
      if (REFUSED_BY_NAME.has(recorded.id)) expect(replayed).toThrow(/contains a look(ahead|behind), /);
      else if (recorded.error) expect(replayed).toThrow(expect.objectContaining({ message: recorded.error.message }));
      else expect(replayed()).toEqual(recorded.result);
    });
  });
}

type Split = [components: [string, boolean, boolean, number | null][], usesPatterns: boolean, type: string];
replay<Split, Case<Split> & { input: PyJson }>('split', ({ input }) => {
  const { components, usesPatterns, deviceType } = namePattern(input);
  return [components.map((c) => [c.text, c.isIncluded, c.isFullName, c.depth]), usesPatterns, deviceType];
});

replay<string[], Case<string[]> & { pattern: string; devices: Devices }>('device-list', ({ pattern, devices }) =>
  devicesMeant(namePattern(pattern), devicesOf(devices)),
);

replay<string[], Case<string[]> & { pattern: string; plans: string[] }>('plan-list', ({ pattern, plans }) =>
  plansMeant(namePattern(pattern), plans),
);

replay<boolean, Case<boolean> & { objects: Devices; name: PyJson }>('is-in-list', ({ objects, name }) =>
  isInList(name, devicesOf(objects)),
);

type Lists = { allowed: NameList | null; forbidden: NameList | null };
replay<Tree, Case<Tree> & Lists & { devices: Devices }>('filter-tree', ({ devices, allowed, forbidden }) =>
  nodesOf(allowedDevices(devicesOf(devices), allowed ?? [], forbidden ?? [])),
);

replay<string[], Case<string[]> & Lists & { plans: string[] }>('select-plans', ({ plans, allowed, forbidden }) =>
  plans.filter((name) => isNameAllowed(name, allowed ?? [], forbidden ?? [])),
);

replay<ParameterAnnotation, Case<ParameterAnnotation> & ToExpand>('expand-annotation', (recorded) =>
  expandedAnnotation(recorded.annotation, recorded.plans ?? [], devicesOf(recorded.devices)),
);

describe('a name that an annotation is expanded to', () => {
  const expanded = casesOf<Case<ParameterAnnotation> & ToExpand>('device-names', 'expand-annotation');
  test.each(expanded.filter(({ result }) => result?.devices))('is one that its entries mean: $id', (recorded) => {
    for (const [list, names] of Object.entries(recorded.result?.devices ?? {})) {
      const entries = (recorded.annotation.devices?.[list] ?? []).map(namePattern);
      expect(names.filter((name) => !entries.some((entry) => isMeant(name, entry)))).toEqual([]);
    }
  });
});

interface ToExpand {
  annotation: ParameterAnnotation;
  plans: string[] | null;
  devices: Devices;
}

function nodesOf(devices: DeviceDescriptions, parent = ''): Tree {
  return Object.entries(devices).flatMap(([own, { excluded = false, components = {} }]): Tree => {
    const name = parent + own;
    return [[name, excluded], ...nodesOf(components, `${name}.`)];
  });
}
