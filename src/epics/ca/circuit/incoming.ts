import { COMMAND } from '../codec/commands.ts';
import { isNativeType } from '../codec/dbr-types.ts';
import { decodeError } from '../codec/error-message.ts';
import type { CaMessage } from '../codec/message.ts';
import { ECA, statusSentence } from '../codec/status-codes.ts';
import { CaDisconnectedError, CaError, statusError } from '../errors.ts';
import type { CircuitChannel, CircuitMonitor } from './circuit-channel.ts';
import type { PendingRequests } from './pending-requests.ts';

/** After these the server may serve the name again, from here or elsewhere, but not at once. */
const REFUSED_RETRY_MS = 5000;
const SERVER_CLOSED_RETRY_MS = 1000;

interface IncomingParts {
  readonly channels: Map<number, CircuitChannel>;
  readonly monitors: Map<number, CircuitMonitor>;
  readonly pending: PendingRequests;
  readonly onVersion: (minor: number) => void;
  readonly onSearchReply: (message: CaMessage) => void;
  readonly onTrouble: (problem: string) => void;
}

/** Gives each message of a server to whom it concerns. What concerns nobody any more is ignored. */
export class Incoming {
  readonly #parts: IncomingParts;

  constructor(parts: IncomingParts) {
    this.#parts = parts;
  }

  receive(message: CaMessage): void {
    const { command, count, p1, p2 } = message;
    const { channels, onVersion, onSearchReply } = this.#parts;
    switch (command) {
      case COMMAND.READ_NOTIFY:
      case COMMAND.WRITE_NOTIFY:
        return this.#answered(message);
      case COMMAND.EVENT_ADD:
        return this.#event(message);
      case COMMAND.ACCESS_RIGHTS:
        return channels.get(p1)?.rightsChanged(p2 & 3);
      case COMMAND.CREATE_CHAN:
        return this.#created(message);
      case COMMAND.CREATE_CH_FAIL:
        return this.#drop(p1, 'the server refused the channel', REFUSED_RETRY_MS);
      case COMMAND.SERVER_DISCONN:
        return this.#drop(p1, 'the server closed the channel', SERVER_CLOSED_RETRY_MS);
      case COMMAND.ERROR:
        return this.#refused(message);
      case COMMAND.VERSION:
        return onVersion(count);
      case COMMAND.SEARCH:
        return onSearchReply(message);
      default: // ECHO and CLEAR_CHANNEL say no more than that the server lives
    }
  }

  #answered(message: CaMessage): void {
    const { p1: status, p2: id } = message;
    const { pending } = this.#parts;
    if (status === ECA.NORMAL) pending.answer(id, message);
    else pending.fail(id, statusError(pending.describe(id), status));
  }

  #event(message: CaMessage): void {
    const { p1: status, p2: id, payload } = message;
    const monitor = this.#parts.monitors.get(id);
    if (status !== ECA.NORMAL) monitor?.failed(statusError('monitor', status));
    // Without a payload it confirms an EVENT_CANCEL.
    else if (payload.length > 0) monitor?.event(message);
  }

  #created({ type, count, p1: cid, p2: sid }: CaMessage): void {
    if (isNativeType(type)) this.#parts.channels.get(cid)?.created({ sid, nativeType: type, nativeCount: count });
    else this.#drop(cid, `the server named type ${type}`, REFUSED_RETRY_MS);
  }

  #drop(cid: number, why: string, retryMs: number): void {
    const channel = this.#parts.channels.get(cid);
    if (channel === undefined) return;
    this.#parts.channels.delete(cid);
    this.#parts.pending.failAllOf(channel, (what) => new CaDisconnectedError(`${what}: ${why}`));
    channel.lost({ why, retryMs, isScout: false });
  }

  /** The echoed header names the request: its id for reads and puts, its monitor, or only the channel. */
  #refused(message: CaMessage): void {
    const refusal = decodeError(message);
    if (refusal === null) return;
    const { request, code, text } = refusal;
    const { pending, monitors, channels, onTrouble } = this.#parts;
    const errorFor = (what: string) => new CaError(`${what}: ${statusSentence(code)} (${text})`, code);
    if (request.command === COMMAND.READ_NOTIFY || request.command === COMMAND.WRITE_NOTIFY) {
      return pending.fail(request.p2, errorFor(pending.describe(request.p2)));
    }
    if (request.command === COMMAND.EVENT_ADD) return monitors.get(request.p2)?.failed(errorFor('monitor'));
    const channel = channels.get(message.p1);
    if (channel === undefined) onTrouble(errorFor('server').message);
    else channel.failed(errorFor(channel.name));
  }
}
