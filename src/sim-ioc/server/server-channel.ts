import { ACCESS, COMMAND } from '../../epics/ca/codec/commands.ts';
import { DBR, isDbrType, isNativeType } from '../../epics/ca/codec/dbr-types.ts';
import { decodeDbr, type EncodedDbr } from '../../epics/ca/codec/dbr.ts';
import type { CaHeader, CaMessage } from '../../epics/ca/codec/message.ts';
import { ECA } from '../../epics/ca/codec/status-codes.ts';
import type { Pv, Written } from '../pv.ts';
import { PutRefused } from '../records/conversion.ts';
import type { Sending } from './backlog.ts';
import { fieldTypeOf, isTooLarge, nativeTypeOf, readingOf } from './dbr-reading.ts';
import { type EventSink, Subscription } from './subscription.ts';

/** More put-callbacks or monitors than this on one channel are a mistake, and cost memory. */
const MAX_PER_CHANNEL = 10_000;

/** What a channel needs of its circuit. */
export interface ChannelCircuit {
  /** Of channels that came and went: `ACCESS_RIGHTS` as a record gives them now. */
  rightsTo(pv: Pv): number;
  send(header: Partial<CaHeader> & Pick<CaHeader, 'command'>, payload?: Buffer): void;
  refuse(request: CaMessage, code: number, text: string, cid?: number): void;
  /** An unanswerable request: as from a C server, nothing more is read from this client. */
  end(): void;
  /** Sends when there is room, after all that waits already. */
  offer(send: Sending): void;
  readonly events: EventSink;
}

/** One PV as one client has it: its reads, writes and monitors. */
export class ServerChannel {
  readonly cid: number;
  readonly sid: number;
  readonly pv: Pv;
  readonly #circuit: ChannelCircuit;
  readonly #subscriptions = new Map<number, Subscription>();
  /** Put-callbacks that are not answered yet: their replies are dropped with the channel. */
  readonly #waiting = new Set<() => void>();

  constructor(pv: Pv, ids: { cid: number; sid: number }, circuit: ChannelCircuit) {
    this.pv = pv;
    this.cid = ids.cid;
    this.sid = ids.sid;
    this.#circuit = circuit;
  }

  introduce(): void {
    this.tellAccess();
    const { cid, sid, pv } = this;
    const type = nativeTypeOf(pv.type);
    this.#circuit.send({ command: COMMAND.CREATE_CHAN, type, count: pv.capacity, p1: cid, p2: sid });
  }

  tellAccess(): void {
    this.#circuit.send({ command: COMMAND.ACCESS_RIGHTS, p1: this.cid, p2: this.#circuit.rightsTo(this.pv) });
  }

  /** The rights have changed: monitors hear whether they still may. */
  accessChanged(): void {
    this.tellAccess();
    for (const subscription of this.#subscriptions.values()) subscription.changed();
  }

  read(message: CaMessage): void {
    if (this.#refusesType(message)) return;
    const { command, type, count, p2: ioid } = message;
    const { status, reading } = this.#reading(type, count);
    this.#circuit.send({ command, type, count: reading?.count ?? count, p1: status, p2: ioid }, reading?.payload);
  }

  write(message: CaMessage): void {
    if (this.#refusesType(message)) return;
    const { type } = message;
    const hasCallback = message.command === COMMAND.WRITE_NOTIFY;
    const refused = (code: number, text: string): void => {
      if (hasCallback) this.#answerPut(message, code);
      else this.#circuit.refuse(message, code, text, this.cid);
    };
    if (!(this.#circuit.rightsTo(this.pv) & ACCESS.WRITE)) return refused(ECA.NOWTACCESS, 'no write access');
    if (!isNativeType(type)) return refused(ECA.BADTYPE, `DBR type ${type} cannot be written`);
    if (this.#waiting.size >= MAX_PER_CHANNEL) return refused(ECA.ALLOCMEM, 'too many put-callbacks are waiting');
    const written: Written = { type: fieldTypeOf(type), value: decodeDbr(message).value };
    if (hasCallback) return this.#putCallback(message, written);
    try {
      this.pv.put(written);
    } catch (failure) {
      if (!(failure instanceof PutRefused)) throw failure;
      refused(ECA.PUTFAIL, failure.message);
    }
  }

  subscribe(message: CaMessage): void {
    if (this.#refusesType(message)) return;
    const { type, count, p2: subid, payload } = message;
    if (this.#subscriptions.size >= MAX_PER_CHANNEL) {
      return this.#circuit.refuse(message, ECA.ALLOCMEM, 'too many monitors', this.cid);
    }
    const send = (): void => {
      const { status, reading } = this.#reading(type, count);
      const header = { command: COMMAND.EVENT_ADD, type, count: reading?.count ?? count, p1: status, p2: subid };
      this.#circuit.send(header, reading?.payload);
    };
    const mask = payload.length >= 14 ? payload.readUInt16BE(12) : 0;
    this.#subscriptions.get(subid)?.close();
    const subscription = new Subscription(this.pv.field, mask, { events: this.#circuit.events, send });
    this.#subscriptions.set(subid, subscription);
    subscription.changed();
  }

  unsubscribe(message: CaMessage): void {
    const { type, count, p2: subid } = message;
    const subscription = this.#subscriptions.get(subid);
    if (subscription === undefined) return this.#circuit.refuse(message, ECA.BADMONID, 'unknown monitor', this.cid);
    subscription.close();
    this.#subscriptions.delete(subid);
    this.#circuit.send({ command: COMMAND.EVENT_ADD, type, count, p1: this.sid, p2: subid });
  }

  /** Nothing more is sent for this channel. What its puts have begun goes on. */
  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    for (const giveUp of this.#waiting) giveUp();
    this.#waiting.clear();
  }

  #putCallback(message: CaMessage, written: Written): void {
    const put = { isAnswered: false, giveUp: () => undefined as void };
    const forget = () => put.giveUp();
    // What ends at once is answered before `putCallback` returns.
    put.giveUp = this.pv.putCallback(written, (refusal) => {
      put.isAnswered = true;
      this.#waiting.delete(forget);
      this.#circuit.offer(() => this.#answerPut(message, refusal === null ? ECA.NORMAL : ECA.PUTFAIL));
    });
    if (!put.isAnswered) this.#waiting.add(forget);
  }

  #answerPut({ command, type, count, p2: ioid }: CaMessage, status: number): void {
    this.#circuit.send({ command, type, count, p1: status, p2: ioid });
  }

  #reading(type: number, count: number): { status: number; reading?: EncodedDbr } {
    if (!(this.#circuit.rightsTo(this.pv) & ACCESS.READ)) return { status: ECA.NORDACCESS };
    if (isTooLarge(type, count)) return { status: ECA.TOLARGE };
    try {
      return { status: ECA.NORMAL, reading: readingOf(this.pv, type, count) };
    } catch (failure) {
      if (!(failure instanceof PutRefused)) throw failure;
      return { status: ECA.GETFAIL }; // a text that is no number, asked for as one
    }
  }

  #refusesType(message: CaMessage): boolean {
    if (isDbrType(message.type) || message.type === DBR.CLASS_NAME) return false;
    this.#circuit.refuse(message, ECA.BADTYPE, `there is no DBR type ${message.type}`, this.cid);
    this.#circuit.end();
    return true;
  }
}
