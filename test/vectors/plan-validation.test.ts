import { describe, expect, test } from 'vitest';
import { casesOf, fixture } from './recorded.ts';
import type { DeviceDescriptions, ParameterAnnotation, PlanDescriptions } from '../../src/protocol/descriptions.ts';
import { decodedAnnotation } from '../../src/manager/plan-validation/annotation.ts';
import type { NameConversion } from '../../src/manager/plan-validation/annotation.ts';
import { defaultValue } from '../../src/manager/plan-validation/parameters.ts';
import { PlanValidator } from '../../src/manager/plan-validation/plan-validator.ts';
import { isDict, PySet, PyTuple, typeName } from '../../src/lib/python-text/py-value.ts';
import type { PyDict, PyJson, PyValue } from '../../src/lib/python-text/py-value.ts';
import { repr } from '../../src/lib/python-text/repr.ts';

/** Whole messages as recorded from bluesky-queueserver 0.0.25 (BSD-3-Clause), pydantic's part and the plan included. */
interface Case {
  id: string;
  plan: PyDict;
  allowed_plans: 'made' | 'sim' | 'none' | 'empty';
  allowed_devices: 'tree' | 'sim' | 'none' | 'empty';
  success: boolean;
  msg: string;
  stage?: string;
  bound?: Record<string, PyJson>;
}

const plans: Record<Case['allowed_plans'], PlanDescriptions | null> = {
  made: fixture('made-plans'),
  sim: fixture('sim-existing-plans'),
  none: null,
  empty: {},
};
const devices: Record<Case['allowed_devices'], DeviceDescriptions | null> = {
  tree: fixture('devices-tree'),
  sim: fixture('sim-existing-devices'),
  none: null,
  empty: {},
};

const GROUPS = [
  'item',
  'binding',
  'types',
  'built-in-types',
  'enums',
  'ranges',
  'descriptions',
  'meta',
  'sim-profile',
  'fuzzed',
];

describe.each(GROUPS)('plan-validation/%s', (group) => {
  test.each(casesOf<Case>('plan-validation', group))('$id', ({ plan, success, msg, stage, bound, ...lists }) => {
    const validator = new PlanValidator({ plans: plans[lists.allowed_plans], devices: devices[lists.allowed_devices] });
    const verdict = validator.validate(plan);
    if (success) {
      expect(verdict).toMatchObject({ ok: true });
      if (verdict.ok) expect(asJson(Object.fromEntries(verdict.bound))).toEqual(bound ?? {});
    } else {
      expect(verdict.ok ? verdict : { ...verdict, msg: comparable(verdict.msg) }).toEqual({
        ok: false,
        stage,
        msg: comparable(msg),
      });
    }
  });
});

/** Versions in links and addresses of objects vary from one installation to the next. */
const comparable = (msg: string): string =>
  msg.replace(/errors\.pydantic\.dev\/[^/]*\//g, 'errors.pydantic.dev/<version>/').replaceAll(' at <address>', '');

interface Conversion {
  annotation: ParameterAnnotation;
  result?: NameConversion;
  error?: { message: string };
}
describe('plan-validation/annotation-conversion', () => {
  test.each(casesOf<Conversion>('plan-validation', 'annotation-conversion'))('$id', ({ annotation, result, error }) => {
    if (error)
      expect(() => decodedAnnotation(annotation)).toThrow(
        expect.objectContaining(error.message ? { message: error.message } : {}),
      );
    else expect(decodedAnnotation(annotation).conversion).toEqual(result);
  });
});

interface Default {
  text: PyJson;
  result?: PyJson;
  type?: string;
  error?: { message: string };
}
describe('plan-validation/default-values', () => {
  test.each(casesOf<Default>('plan-validation', 'default-values'))('$id', ({ text, result, type, error }) => {
    if (error) {
      const message = comparable(error.message);
      expect(() => defaultValue(text)).toThrow(expect.objectContaining({ message }));
      return;
    }
    const value = defaultValue(text);
    expect(typeName(value)).toBe(type);
    if (isDict(result) && '$py' in result) expect(repr(value)).toBe(result['repr']);
    else expect(asJson(value)).toEqual(result);
  });
});

/** The recording writes tuples and sets as arrays. */
function asJson(value: PyValue): unknown {
  if (value instanceof PyTuple || value instanceof PySet) return value.items.map(asJson);
  if (Array.isArray(value)) return value.map(asJson);
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asJson(member)]));
}
