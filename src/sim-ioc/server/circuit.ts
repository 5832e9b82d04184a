import type { Socket } from 'node:net';
import { ACCESS, COMMAND, MINOR_VERSION } from '../../epics/ca/codec/commands.ts';
import { DBR, isDbrType, isNativeType } from '../../epics/ca/codec/dbr-types.ts';
import { decodeDbr } from '../../epics/ca/codec/dbr.ts';
import { encodeError } from '../../epics/ca/codec/error-message.ts';
import type { CaMessage } from '../../epics/ca/codec/message.ts';
import { encodeMessage } from '../../epics/ca/codec/message.ts';
import { MessageParser } from '../../epics/ca/codec/parser.ts';
import { ECA } from '../../epics/ca/codec/status-codes.ts';
import { decodeText } from '../../epics/ca/codec/text.ts';
import type { Access } from '../access.ts';
import type { Pv, Written } from '../pv.ts';
import { PutRefused } from '../records/conversion.ts';
import { OTHER_COMMAND } from './commands.ts';
import { fieldTypeOf, isTooLarge, MAX_PAYLOAD_BYTES, nativeTypeOf, readingOf } from './dbr-reading.ts';
import { Outbox } from './outbox.ts';
import { searchReply } from './search-reply.ts';
import type { ServedCircuit } from './served-circuit.ts';
import type { Served } from './served.ts';
import { Subscription } from './subscription.ts';

const MAX_CHANNELS = 200_000;
const RIGHTS: Record<Access, number> = {
  none: 0,
  read: ACCESS.READ,
  write: ACCESS.WRITE,
  'read-write': ACCESS.READ | ACCESS.WRITE,
};

interface ServerChannel {
  readonly cid: number;
  readonly sid: number;
  readonly pv: Pv;
  readonly subscriptions: Map<number, Subscription>;
  /** Put-callbacks that are not answered yet: their replies are dropped with the channel. */
  readonly waiting: Set<() => void>;
}

/**
 * One client: its channels, and the answers to what it asks, in the order of its requests. Whatever bytes come, at worst
 * this circuit ends: an unknown DBR type ends it as on a C server, an oversized message because nothing after it can be
 * trusted.
 */
export class Circuit implements ServedCircuit {
  readonly #socket: Socket;
  readonly #served: Served;
  readonly #parser = new MessageParser(MAX_PAYLOAD_BYTES);
  readonly #outbox: Outbox;
  readonly #channels = new Map<number, ServerChannel>();
  #nextSid = 1;
  #areEventsOff = false;

  constructor(socket: Socket, served: Served) {
    this.#socket = socket;
    this.#served = served;
    this.#outbox = new Outbox(socket, () => this.#catchUp());
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#closed());
    this.#send({ command: COMMAND.VERSION, count: MINOR_VERSION });
  }

  /** A fault: nothing is read and nothing is sent until it is over. */
  freeze(isFrozen: boolean): void {
    if (isFrozen) {
      this.#socket.pause();
      this.#outbox.hold();
    } else {
      this.#outbox.release();
      this.#socket.resume();
    }
  }

  /** The server takes a channel away (`SERVER_DISCONN`). */
  disconnect(recordName: string): void {
    for (const channel of this.#of(recordName)) {
      this.#clear(channel);
      this.#send({ command: COMMAND.SERVER_DISCONN, p1: channel.cid });
    }
  }

  accessChanged(recordName: string): void {
    for (const channel of this.#of(recordName)) this.#tellAccess(channel);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #of(recordName: string): ServerChannel[] {
    return [...this.#channels.values()].filter(({ pv }) => pv.record.name === recordName);
  }

  #receive(chunk: Buffer): void {
    for (const message of this.#parser.push(chunk)) {
      if (this.#socket.destroyed) return;
      try {
        this.#answer(message);
      } catch {
        return this.destroy(); // a payload shorter than it claims: nothing after it can be trusted
      }
    }
    if (this.#parser.oversizedBytes !== null) this.destroy();
  }

  #answer(message: CaMessage): void {
    switch (message.command) {
      case COMMAND.CREATE_CHAN:
        return this.#create(message);
      case COMMAND.CLEAR_CHANNEL:
        return this.#clearAsked(message);
      case COMMAND.READ_NOTIFY:
      case OTHER_COMMAND.READ:
        return this.#read(message);
      case COMMAND.WRITE:
      case COMMAND.WRITE_NOTIFY:
        return this.#write(message);
      case COMMAND.EVENT_ADD:
        return this.#subscribe(message);
      case COMMAND.EVENT_CANCEL:
        return this.#unsubscribe(message);
      case COMMAND.ECHO:
        return this.#send({ command: COMMAND.ECHO });
      case COMMAND.SEARCH:
        return this.#search(message);
      case OTHER_COMMAND.EVENTS_OFF:
        this.#areEventsOff = true;
        return undefined;
      case OTHER_COMMAND.EVENTS_ON:
        this.#areEventsOff = false;
        return this.#catchUp();
      default: // VERSION, CLIENT_NAME, HOST_NAME, READ_SYNC, and words of later versions: nothing to say
        return undefined;
    }
  }

  #create({ p1: cid, payload }: CaMessage): void {
    const name = decodeText(payload, 0);
    const pv = this.#served.database.find(name);
    if (pv === undefined || this.#served.faults.isRefused(name) || this.#channels.size >= MAX_CHANNELS) {
      return this.#send({ command: COMMAND.CREATE_CH_FAIL, p1: cid });
    }
    const sid = this.#nextSid++;
    const channel: ServerChannel = { cid, sid, pv, subscriptions: new Map(), waiting: new Set() };
    this.#channels.set(sid, channel);
    this.#tellAccess(channel);
    this.#send({ command: COMMAND.CREATE_CHAN, type: nativeTypeOf(pv.type), count: pv.capacity, p1: cid, p2: sid });
  }

  #tellAccess({ cid, pv }: ServerChannel): void {
    this.#send({ command: COMMAND.ACCESS_RIGHTS, p1: cid, p2: RIGHTS[this.#served.access.of(pv.record.name)] });
  }

  #clearAsked(message: CaMessage): void {
    const channel = this.#channels.get(message.p1);
    if (channel === undefined) return this.#refuse(message, ECA.BADCHID, 'unknown channel');
    this.#clear(channel);
    this.#send({ command: COMMAND.CLEAR_CHANNEL, p1: channel.sid, p2: channel.cid });
  }

  #clear(channel: ServerChannel): void {
    for (const subscription of channel.subscriptions.values()) subscription.close();
    for (const giveUp of channel.waiting) giveUp();
    this.#channels.delete(channel.sid);
  }

  #read(message: CaMessage): void {
    const channel = this.#channelOf(message);
    if (channel === null) return;
    const { command, type, count, p2: ioid } = message;
    const refused = (status: number) => this.#send({ command, type, count, p1: status, p2: ioid });
    if (!(RIGHTS[this.#served.access.of(channel.pv.record.name)] & ACCESS.READ)) return refused(ECA.NORDACCESS);
    if (isTooLarge(type, count)) return refused(ECA.TOLARGE);
    try {
      const reading = readingOf(channel.pv, type, count);
      this.#send({ command, type, count: reading.count, p1: ECA.NORMAL, p2: ioid }, reading.payload);
    } catch (failure) {
      if (!(failure instanceof PutRefused)) throw failure;
      refused(ECA.GETFAIL);
    }
  }

  #write(message: CaMessage): void {
    const channel = this.#channelOf(message);
    if (channel === null) return;
    const { command, type, count, p2: ioid } = message;
    const hasCallback = command === COMMAND.WRITE_NOTIFY;
    const finished = (status: number, reason: string) => {
      if (hasCallback) this.#send({ command, type, count, p1: status, p2: ioid });
      else if (status !== ECA.NORMAL) this.#refuse(message, status, reason, channel.cid);
    };
    if (!(RIGHTS[this.#served.access.of(channel.pv.record.name)] & ACCESS.WRITE)) {
      return finished(ECA.NOWTACCESS, 'no write access');
    }
    if (!isNativeType(type)) return finished(ECA.BADTYPE, `DBR type ${type} cannot be written`);
    const written: Written = { type: fieldTypeOf(type), value: decodeDbr(message).value };
    if (!hasCallback) return this.#put(channel.pv, written, finished);
    const waiting = { isAnswered: false, giveUp: () => undefined as void };
    const forget = () => waiting.giveUp();
    // What ends at once is answered before `putCallback` returns.
    waiting.giveUp = channel.pv.putCallback(written, (refusal) => {
      waiting.isAnswered = true;
      channel.waiting.delete(forget);
      finished(refusal === null ? ECA.NORMAL : ECA.PUTFAIL, refusal?.message ?? '');
    });
    if (!waiting.isAnswered) channel.waiting.add(forget);
  }

  #put(pv: Pv, written: Written, finished: (status: number, reason: string) => void): void {
    try {
      pv.put(written);
    } catch (failure) {
      if (!(failure instanceof PutRefused)) throw failure;
      finished(ECA.PUTFAIL, failure.message);
    }
  }

  #subscribe(message: CaMessage): void {
    const channel = this.#channelOf(message);
    if (channel === null) return;
    const { type, count, p2: subid, payload } = message;
    const mask = payload.length >= 14 ? payload.readUInt16BE(12) : 0;
    channel.subscriptions.get(subid)?.close();
    const event = () => {
      const reading = readingOf(channel.pv, type, count);
      this.#send(
        { command: COMMAND.EVENT_ADD, type, count: reading.count, p1: ECA.NORMAL, p2: subid },
        reading.payload,
      );
    };
    const subscription = new Subscription(
      channel.pv.field,
      mask,
      () => this.#areEventsOff || this.#outbox.isCongested,
      event,
    );
    channel.subscriptions.set(subid, subscription);
    subscription.changed();
  }

  #unsubscribe(message: CaMessage): void {
    const channel = this.#channelOf(message);
    if (channel === null) return;
    channel.subscriptions.get(message.p2)?.close();
    channel.subscriptions.delete(message.p2);
    this.#send({ command: COMMAND.EVENT_ADD, type: message.type, p1: channel.sid, p2: message.p2 });
  }

  #search(message: CaMessage): void {
    const reply = searchReply(message, this.#served);
    if (reply !== null) this.#outbox.send(reply);
  }

  /** The channel that a request names, when its DBR type is one that exists; else the request is refused. */
  #channelOf(message: CaMessage): ServerChannel | null {
    const channel = this.#channels.get(message.p1);
    if (channel === undefined) {
      this.#refuse(message, ECA.BADCHID, 'unknown channel');
      return null;
    }
    if (!isDbrType(message.type) && message.type !== DBR.CLASS_NAME) {
      this.#refuse(message, ECA.BADTYPE, `there is no DBR type ${message.type}`, channel.cid);
      this.#socket.end();
      return null;
    }
    return channel;
  }

  #refuse({ payload, ...request }: CaMessage, code: number, text: string, cid = 0xffff_ffff): void {
    this.#outbox.send(encodeError(cid, { request, code, text }, payload.length), this.#served.faults.replyDelayMs);
  }

  #send(header: Parameters<typeof encodeMessage>[0], payload?: Buffer): void {
    if (!this.#socket.destroyed) this.#outbox.send(encodeMessage(header, payload), this.#served.faults.replyDelayMs);
  }

  #catchUp(): void {
    for (const { subscriptions } of this.#channels.values()) {
      for (const subscription of subscriptions.values()) subscription.catchUp();
    }
  }

  #closed(): void {
    this.#outbox.close();
    for (const channel of this.#channels.values()) this.#clear(channel);
    this.#served.circuits.delete(this);
  }
}
