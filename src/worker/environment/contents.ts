import { isDeepStrictEqual } from 'node:util';
import type { DeviceDescriptions, PlanDescriptions } from '../../protocol/descriptions.ts';
import type { Plan } from '../run-engine/messages.ts';
import { withDevices } from '../startup/annotations.ts';
import { isDefinedFunction } from '../startup/define-function.ts';
import { isDefinedPlan } from '../startup/define-plan.ts';
import { describeDevices, isDevice } from '../startup/describe-devices.ts';
import { describePlans, isGeneratorFunction } from '../startup/describe-plans.ts';
import { deviceOf } from '../startup/device-names.ts';
import type { ItemCall } from './plan-item.ts';

interface Descriptions {
  plans: PlanDescriptions;
  devices: DeviceDescriptions;
}

/** How plans and devices are described. */
export interface DescriptionOptions {
  /** Levels of devices and their parts; 0 is all. */
  readonly deviceLevels: number;
  /** Is told of plans that cannot be described; undefined: they are an error. */
  readonly onInvalidPlan: ((sentence: string) => void) | undefined;
}

/** What the startup code and later scripts have put together, by name, and as the manager knows it. */
export class Contents {
  #namespace: Readonly<Record<string, unknown>>;
  #descriptions: Descriptions;
  readonly #options: DescriptionOptions;

  /** @throws Error for a plan that cannot be described */
  constructor(namespace: Readonly<Record<string, unknown>>, options: DescriptionOptions) {
    this.#namespace = namespace;
    this.#options = options;
    this.#descriptions = describe(namespace, options);
  }

  get namespace(): Readonly<Record<string, unknown>> {
    return this.#namespace;
  }

  get descriptions(): Descriptions {
    return this.#descriptions;
  }

  get devices(): object[] {
    return Object.values(this.#namespace).filter((value): value is object => isDevice(value));
  }

  /** A script's exports come in, in place of what had their names. */
  add(exports: Readonly<Record<string, unknown>>): void {
    this.#namespace = { ...this.#namespace, ...exports };
  }

  /** Describes everything anew. Tells whether anything has changed. */
  redescribe(): boolean {
    const descriptions = describe(this.#namespace, this.#options);
    if (isDeepStrictEqual(descriptions, this.#descriptions)) return false;
    this.#descriptions = descriptions;
    return true;
  }

  /** The plan that an item asks for, with devices in the place of their names. @throws Error when there is none, or it takes no such arguments */
  plan({ name, args, kwargs }: ItemCall): Plan {
    const plan = this.#own(name);
    if (isDefinedPlan(plan)) return plan.bind(args, kwargs, this.#resolve);
    if (isGeneratorFunction(plan)) return plan(...positional(this.#replaced(args), this.#replaced(kwargs))) as Plan;
    throw new TypeError(
      `Error occurred while processing plan parameters or starting the plan: Plan '${name}' is not found in the worker namespace`,
    );
  }

  /** The function that a task asks for; texts stay texts. The refusal is the original's, word for word. */
  call({ name, args, kwargs }: ItemCall): unknown {
    const called = this.#own(name);
    if (isDefinedFunction(called)) return called.callWith(args, kwargs);
    if (typeof called !== 'function') throw new TypeError(`Function '${name}' is not found in the worker namespace`);
    return (called as (...args: unknown[]) => unknown)(...positional(args, kwargs));
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#namespace, name) ? this.#namespace[name] : undefined;
  }

  readonly #resolve = (name: string): object | undefined => deviceOf(this.#namespace, name);

  #replaced<T>(value: T): T {
    // Without an annotation every name of a device means the device; the shape stays.
    return withDevices(value, { annotation: undefined, convertsDeviceNames: true }, this.#resolve) as T;
  }
}

/** Where nothing is declared: JavaScript has no keyword arguments, so what was given by name comes last, as one object. */
const positional = (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): readonly unknown[] =>
  Object.keys(kwargs).length === 0 ? args : [...args, kwargs];

function describe(
  namespace: Readonly<Record<string, unknown>>,
  { deviceLevels, onInvalidPlan }: DescriptionOptions,
): Descriptions {
  const devices = describeDevices(namespace, deviceLevels);
  return { plans: describePlans(namespace, devices, onInvalidPlan), devices };
}
