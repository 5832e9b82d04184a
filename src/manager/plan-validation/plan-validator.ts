import type { DeviceDescriptions, PlanDescriptions } from '../../protocol/descriptions.ts';
import { narrowed } from '../permissions/annotation-lists.ts';
import { getItem, isDict } from '../../lib/python-text/py-value.ts';
import type { PyDict, PyJson } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { printed } from '../../lib/python-text/shortened.ts';
import { ArgumentsRefused, compiledPlan } from './compiled-plan.ts';
import type { CompiledPlan } from './compiled-plan.ts';
import type { Stage, Verdict } from './verdict.ts';

/** What may be used; `null` for a list that is not known: nothing is refused for not being on it. */
export interface Allowed {
  readonly plans: PlanDescriptions | null;
  readonly devices: DeviceDescriptions | null;
}

/**
 * Judges plans by their descriptions, for one list of plans and devices: is the plan on the list, do the arguments bind,
 * are they of the declared types and in range. A plan's description is read when the plan is first used.
 */
export class PlanValidator {
  readonly #allowed: Allowed;
  readonly #compiled = new Map<string, CompiledPlan>();

  constructor(allowed: Allowed) {
    this.#allowed = allowed;
  }

  /** @param item a parsed view, so that 1.0 is told from 1 */
  validate(item: PyDict): Verdict {
    try {
      const bound = this.#boundArguments(item);
      if (Object.hasOwn(item, 'meta')) checkMeta(item['meta'] ?? null);
      return { ok: true, bound };
    } catch (error) {
      if (error instanceof ArgumentsRefused) return refusal(error.stage, error.message, item);
      // The value is nested deeper than this program can follow, as Python says of itself at a depth of 1000.
      if (error instanceof RangeError) return tooDeep;
      throw error;
    }
  }

  #boundArguments(item: PyDict): Extract<Verdict, { ok: true }>['bound'] {
    const { plans } = this.#allowed;
    if (plans === null) return new Map();
    const name = nameOf(item);
    const check = typeof name === 'string' ? this.#checkOf(name, plans) : undefined;
    if (!check) throw new ArgumentsRefused('not-allowed', `Plan '${str(name)}' is not in the list of allowed plans.`);
    return check(
      getItem(item, 'args') ?? absent(item, 'args', []),
      getItem(item, 'kwargs') ?? absent(item, 'kwargs', {}),
    );
  }

  #checkOf(name: string, plans: PlanDescriptions): CompiledPlan | undefined {
    const known = this.#compiled.get(name);
    if (known) return known;
    const description = getItem(plans, name);
    if (!description) return undefined;
    const compiled = compiledPlan(narrowed(description, plans, this.#allowed.devices));
    this.#compiled.set(name, compiled);
    return compiled;
  }
}

/** A member that is left out has its empty value; one that is `null` is `null`. */
const absent = <T extends PyJson>(item: PyDict, key: string, empty: T): T | null =>
  Object.hasOwn(item, key) ? null : empty;

function nameOf(item: PyDict): PyJson {
  const name = getItem(item, 'name');
  if (name === undefined) throw new ArgumentsRefused('no-name', repr('name'));
  if (Array.isArray(name) || isDict(name)) {
    throw new ArgumentsRefused('no-name', `unhashable type: '${Array.isArray(name) ? 'list' : 'dict'}'`);
  }
  return name;
}

function checkMeta(meta: PyJson): void {
  if (isDict(meta) || (Array.isArray(meta) && meta.every(isDict))) return;
  throw new ArgumentsRefused('meta', "Plan parameter 'meta' must be a dictionary or a list of dictionaries");
}

const refusal = (stage: Stage, why: string, item: PyDict): Verdict => ({
  ok: false,
  stage,
  msg: `Plan validation failed: ${why}\nPlan: ${printed(item)}`,
});

const tooDeep: Verdict = {
  ok: false,
  stage: 'schema',
  msg: 'Plan validation failed: maximum recursion depth exceeded',
};
