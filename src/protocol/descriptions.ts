import { Type } from 'typebox';
import type { Static } from 'typebox';

/**
 * Plans and devices as every process speaks of them: the `existing_plans` and `existing_devices` form of
 * bluesky-queueserver. The worker writes descriptions, whatever its language; the manager validates, filters and binds
 * from them alone, and clients draw forms from them.
 */

/** Python's `inspect.Parameter.kind`; clients compare `name` or `value`. */
export const PARAMETER_KINDS = {
  POSITIONAL_ONLY: 0,
  POSITIONAL_OR_KEYWORD: 1,
  VAR_POSITIONAL: 2,
  KEYWORD_ONLY: 3,
  VAR_KEYWORD: 4,
} as const;
export type ParameterKind = keyof typeof PARAMETER_KINDS;

/** What a parameter takes. `type` is a Python annotation as text, for example `list[__READABLE__]` or `int | None`. */
export const ParameterAnnotation = Type.Object({
  type: Type.String(),
  /** Lists of names that stand in `type` by their key: `{Motors: ['m1', ':^m']}`. */
  devices: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
  plans: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
  enums: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
});
export interface ParameterAnnotation extends Static<typeof ParameterAnnotation> {}

export const ParameterDescription = Type.Object({
  name: Type.String(),
  kind: Type.Object({ name: Type.String(), value: Type.Integer() }),
  description: Type.Optional(Type.String()),
  annotation: Type.Optional(ParameterAnnotation),
  /** Python's `repr` of the default: `'1'`, `"None"`, `"['det1', 'det2']"`. */
  default: Type.Optional(Type.String()),
  default_defined_in_decorator: Type.Optional(Type.Boolean()),
  convert_device_names: Type.Optional(Type.Boolean()),
  convert_plan_names: Type.Optional(Type.Boolean()),
  eval_expressions: Type.Optional(Type.Boolean()),
  min: Type.Optional(Type.String()),
  max: Type.Optional(Type.String()),
  step: Type.Optional(Type.String()),
});
export interface ParameterDescription extends Static<typeof ParameterDescription> {}

export const PlanDescription = Type.Object({
  name: Type.String(),
  properties: Type.Object({ is_generator: Type.Boolean() }),
  parameters: Type.Array(ParameterDescription),
  module: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
});
export interface PlanDescription extends Static<typeof PlanDescription> {}
export type PlanDescriptions = Record<string, PlanDescription>;

/** One node of the device tree; `components` are its sub-devices by attribute name. */
export interface DeviceDescription {
  is_readable: boolean;
  is_movable: boolean;
  is_flyable: boolean;
  classname: string;
  module: string;
  components?: Record<string, DeviceDescription>;
  /** Excluded nodes are not to be used themselves, but have sub-devices that may be. */
  excluded?: boolean;
}
export type DeviceDescriptions = Record<string, DeviceDescription>;
