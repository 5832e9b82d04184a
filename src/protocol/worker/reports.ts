import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { DeviceDescriptions, PlanDescriptions } from '../descriptions.ts';
import { ItemResult } from '../item.ts';
import type { ExitStatus } from '../states.ts';

/**
 * What the manager must never miss. Each report stands in a numbered envelope {@link NumberedReport} and is sent until
 * acknowledged. Times are seconds since 1970.
 */
export const WorkerReport = Type.Union([
  Type.Object({
    type: Type.Literal('environment_opened'),
    plans: Type.Unsafe<PlanDescriptions>(Type.Record(Type.String(), Type.Unknown())),
    devices: Type.Unsafe<DeviceDescriptions>(Type.Record(Type.String(), Type.Unknown())),
    re_metadata: Type.Record(Type.String(), Type.Unknown()),
  }),
  /** The startup code threw: `msg` names file, line and the offending name. The process ends after this. */
  Type.Object({ type: Type.Literal('environment_failed'), msg: Type.String(), traceback: Type.String() }),
  Type.Object({ type: Type.Literal('environment_closed') }),
  Type.Object({
    type: Type.Literal('item_finished'),
    item_uid: Type.String(),
    ...ItemResult.properties,
    exit_status: Type.Unsafe<ExitStatus>(Type.String()),
  }),
  Type.Object({
    type: Type.Literal('task_finished'),
    task_uid: Type.String(),
    success: Type.Boolean(),
    msg: Type.String(),
    traceback: Type.String(),
    /** JSON text of the returned value. */
    return_value: Type.String(),
    time_start: Type.Number(),
    time_stop: Type.Number(),
  }),
  /** Plans or devices changed after a script or an update. */
  Type.Object({
    type: Type.Literal('lists_changed'),
    plans: Type.Unsafe<PlanDescriptions>(Type.Record(Type.String(), Type.Unknown())),
    devices: Type.Unsafe<DeviceDescriptions>(Type.Record(Type.String(), Type.Unknown())),
  }),
  /** What the worker found in the motion journal of a worker that died, and did about it. */
  Type.Object({
    type: Type.Literal('motion_recovered'),
    stopped: Type.Array(Type.String()),
    left: Type.Array(Type.Object({ pv: Type.String(), why: Type.String() })),
  }),
]);
export type WorkerReport = Static<typeof WorkerReport>;
export type ReportOf<T extends WorkerReport['type']> = Extract<WorkerReport, { type: T }>;

/** `params` of the notification `report`. */
export const NumberedReport = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  worker_uid: Type.String(),
  report: WorkerReport,
});
export interface NumberedReport extends Static<typeof NumberedReport> {}

/** `params` of the notification `console`: text as it was written, `time` in seconds since 1970. */
export const ConsoleText = Type.Object({
  time: Type.Number(),
  msg: Type.String(),
  /** How many messages were lost before this one; absent when none. */
  missed: Type.Optional(Type.Integer()),
});
export interface ConsoleText extends Static<typeof ConsoleText> {}
