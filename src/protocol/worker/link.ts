/**
 * The conversation between manager and worker: JSON-RPC 2.0 over a local socket, one message a line.
 *
 * The worker owns the listening socket, so that it outlives any manager: a manager that died comes back, says `hello`
 * with a higher epoch, and learns what happened meanwhile. Four kinds of line:
 *
 * 1. *Requests* of the manager (`requests.ts`), each answered. A request is accepted or refused at once, in every state
 *    of the worker; what it set in motion is told by reports.
 * 2. *Reports* of the worker (`reports.ts`): notifications `report`, numbered from 1 without a gap. They are kept until
 *    the manager acknowledges that it has *stored* what they mean; after `hello` the kept ones are sent again. They are
 *    few (opened, an item's outcome, a task's outcome …) and never dropped.
 * 3. *States* of the worker: notifications `state` with the whole {@link WorkerState}, sent when it changes. Only the
 *    latest matters, nothing is kept.
 * 4. *Console* text: notifications `console`. The worker keeps a bounded tail for a manager that is away, and says how
 *    many messages were lost before it.
 *
 * A request may have one more member, `trace`, a short text: the worker logs it beside the name of the request.
 *
 * The first request on a connection is `hello`; anything else is refused. One manager is served at a time: a `hello` with
 * a higher epoch ends the older connection, one with the same or a lower epoch is refused (`EPOCH_TOO_OLD`).
 */
export const WORKER_PROTOCOL = 1;

/** A longer line ends the connection. Descriptions of a large beamline are some megabytes. */
export const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** JSON-RPC error codes of the worker, beside the standard's. */
export const LINK_ERRORS = {
  NOT_GREETED: -32001,
  WRONG_TOKEN: -32002,
  EPOCH_TOO_OLD: -32003,
  PROTOCOL_UNKNOWN: -32004,
  /** The request is understood and refused: `message` is a sentence for the client. */
  REFUSED: -32010,
} as const;
