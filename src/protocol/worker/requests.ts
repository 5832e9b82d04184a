import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import { OpenRun, WorkerState } from './state.ts';

const request = <P extends TSchema, R extends TSchema>(params: P, result: R) => ({ params, result });
const Nothing = Type.Object({});

/** What a manager may ask of a worker. A refusal is the JSON-RPC error `REFUSED` with a sentence. */
export const WORKER_REQUESTS = {
  /**
   * Begins a conversation. `token` is the text of the 0600 file beside the socket: it proves that the caller may read
   * the folder. `last_report` is the number of the last report that the manager has stored *of this worker* (0: none);
   * later ones follow.
   */
  hello: request(
    Type.Object({
      protocol: Type.Integer(),
      epoch: Type.Integer({ minimum: 1 }),
      token: Type.String(),
      manager: Type.Object({ pid: Type.Integer(), version: Type.String() }),
      last_report: Type.Object({ worker_uid: Type.String(), number: Type.Integer({ minimum: 0 }) }),
    }),
    Type.Object({
      protocol: Type.Integer(),
      worker: Type.Object({
        /** New for each worker process: report numbers belong to it. */
        uid: Type.String(),
        pid: Type.Integer(),
        version: Type.String(),
        started_at: Type.Number({ description: 'seconds since 1970' }),
        /** What language a script is to be in: 'typescript', 'python'. */
        script_language: Type.String(),
      }),
      state: WorkerState,
      last_report: Type.Integer({ minimum: 0 }),
    }),
  ),

  /** Stored: reports up to and including `number` are dropped. */
  acknowledge: request(Type.Object({ number: Type.Integer({ minimum: 0 }) }), Nothing),

  state: request(Nothing, WorkerState),

  /** Accepted means begun; `environment_opened` or `environment_failed` is reported. Refused unless `closed`. */
  environment_open: request(Nothing, Nothing),

  /** Accepted means begun; `environment_closed` is reported, then the process ends by itself. Refused unless `idle`. */
  environment_close: request(Nothing, Nothing),

  /**
   * Runs one plan item. Accepted means that it is started and its outcome will be reported (`item_finished`), whatever
   * happens to this process's managers. `item` is the item's own JSON text, parameters as the client wrote them.
   * Refused unless the environment is `idle`: a worker never takes a next item by itself.
   */
  run_item: request(Type.Object({ item_uid: Type.String(), item: Type.String() }), Nothing),

  pause: request(Type.Object({ option: Type.Union([Type.Literal('deferred'), Type.Literal('immediate')]) }), Nothing),
  /** These four are refused unless paused. */
  resume: request(Nothing, Nothing),
  stop: request(Nothing, Nothing),
  abort: request(Nothing, Nothing),
  halt: request(Nothing, Nothing),
  /** Halts from any state, never refused; answered after the plan is down or after 1 s, and says which. */
  emergency_halt: request(Nothing, Type.Object({ halted: Type.Boolean() })),

  /** Runs of the item that runs now or ran last. */
  runs: request(Nothing, Type.Object({ runs: Type.Array(OpenRun) })),
  re_metadata: request(Nothing, Type.Object({ re_metadata: Type.Record(Type.String(), Type.Unknown()) })),

  /**
   * Runs a function of the startup code (`function`) or adds a script to the namespace (`script`). Accepted means that
   * `task_finished` will be reported. A task in the background runs beside a plan.
   */
  task_run: request(
    Type.Object({
      task_uid: Type.String(),
      kind: Type.Union([Type.Literal('function'), Type.Literal('script'), Type.Literal('update')]),
      /** JSON text of the function item, or the script itself. */
      text: Type.String(),
      run_in_background: Type.Boolean(),
      update_lists: Type.Optional(Type.Boolean()),
      update_re: Type.Optional(Type.Boolean()),
    }),
    Nothing,
  ),

  /** Ends the process in order: aborts what runs with clean-up, reports it, closes. Never refused. */
  shutdown: request(Type.Object({ reason: Type.String() }), Nothing),
} as const;

export type WorkerRequestName = keyof typeof WORKER_REQUESTS;
export type WorkerParams<N extends WorkerRequestName> = Static<(typeof WORKER_REQUESTS)[N]['params']>;
export type WorkerResult<N extends WorkerRequestName> = Static<(typeof WORKER_REQUESTS)[N]['result']>;
