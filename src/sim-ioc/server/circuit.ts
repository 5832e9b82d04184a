import type { Socket } from 'node:net';
import { ACCESS, COMMAND, MINOR_VERSION } from '../../epics/ca/codec/commands.ts';
import { encodeError } from '../../epics/ca/codec/error-message.ts';
import type { CaMessage } from '../../epics/ca/codec/message.ts';
import { encodeMessage } from '../../epics/ca/codec/message.ts';
import { MessageParser } from '../../epics/ca/codec/parser.ts';
import { ECA } from '../../epics/ca/codec/status-codes.ts';
import { decodeText } from '../../epics/ca/codec/text.ts';
import type { Access } from '../access.ts';
import type { Pv } from '../pv.ts';
import { Backlog, type Sending } from './backlog.ts';
import { OTHER_COMMAND } from './commands.ts';
import { MAX_PAYLOAD_BYTES } from './dbr-reading.ts';
import { Outbox } from './outbox.ts';
import { searchReply } from './search-reply.ts';
import type { ServedCircuit } from './served-circuit.ts';
import type { Served } from './served.ts';
import { type ChannelCircuit, ServerChannel } from './server-channel.ts';

const MAX_CHANNELS = 200_000;
const NO_CHANNEL = 0xffff_ffff;
const RIGHTS: Record<Access, number> = {
  none: 0,
  read: ACCESS.READ,
  write: ACCESS.WRITE,
  'read-write': ACCESS.READ | ACCESS.WRITE,
};

/**
 * One client: its channels, and the answers to what it asks, in the order of its requests. Whatever bytes come, at worst
 * this circuit ends: an unknown DBR type ends it as on a C server, an oversized message because nothing after it can be
 * trusted.
 *
 * A client that does not take its answers is asked nothing more: its requests wait in `#inbox` and then in its own
 * socket, and its monitors in the backlog, so that what is kept for it has a bound.
 */
export class Circuit implements ServedCircuit, ChannelCircuit {
  readonly #socket: Socket;
  readonly #served: Served;
  readonly #parser = new MessageParser(MAX_PAYLOAD_BYTES);
  readonly #outbox: Outbox;
  readonly #backlog: Backlog;
  readonly #channels = new Map<number, ServerChannel>();
  /** Monitors that have news while the client has asked for silence (`EVENTS_OFF`). */
  readonly #muted = new Set<Sending>();
  #inbox: CaMessage[] = [];
  #nextSid = 1;
  #areEventsOff = false;
  #isFrozen = false;

  readonly events = {
    offer: (send: Sending): void => {
      if (this.#areEventsOff) this.#muted.add(send);
      else this.#backlog.offer(send);
    },
    forget: (send: Sending): void => {
      this.#muted.delete(send);
      this.#backlog.forget(send);
    },
  };

  constructor(socket: Socket, served: Served) {
    this.#socket = socket;
    this.#served = served;
    this.#outbox = new Outbox(socket, () => this.#hasRoom());
    this.#backlog = new Backlog(() => this.#outbox.isCongested);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#closed());
    this.send({ command: COMMAND.VERSION, count: MINOR_VERSION });
  }

  freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    if (isFrozen) {
      this.#socket.pause();
      this.#outbox.hold();
    } else {
      this.#outbox.release();
      this.#work();
    }
  }

  disconnect(recordName: string): void {
    for (const channel of this.#of(recordName)) {
      this.#clear(channel);
      this.send({ command: COMMAND.SERVER_DISCONN, p1: channel.cid });
    }
  }

  accessChanged(recordName: string): void {
    for (const channel of this.#of(recordName)) channel.accessChanged();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  rightsTo({ record }: Pv): number {
    return RIGHTS[this.#served.access.of(record.name)];
  }

  send(header: Parameters<typeof encodeMessage>[0], payload?: Buffer): void {
    if (!this.#socket.destroyed) this.#outbox.send(encodeMessage(header, payload), this.#served.faults.replyDelayMs);
  }

  refuse({ payload, ...request }: CaMessage, code: number, text: string, cid = NO_CHANNEL): void {
    this.#outbox.send(encodeError(cid, { request, code, text }, payload.length), this.#served.faults.replyDelayMs);
  }

  offer(send: Sending): void {
    this.#backlog.offer(send);
  }

  end(): void {
    this.#inbox = [];
    this.#socket.removeAllListeners('data').resume();
    this.#outbox.end();
  }

  #receive(chunk: Buffer): void {
    this.#inbox.push(...this.#parser.push(chunk));
    this.#work();
  }

  /** Answers what has come, as far as there is room for the answers. */
  #work(): void {
    try {
      while (this.#inbox.length > 0 && this.#mayAnswer()) this.#answer(this.#inbox.shift() as CaMessage);
    } catch {
      return this.destroy(); // a payload shorter than it claims: nothing after it can be trusted
    }
    if (this.#parser.oversizedBytes !== null) return this.destroy();
    if (this.#mayAnswer()) this.#socket.resume();
    else this.#socket.pause();
  }

  #mayAnswer(): boolean {
    return !this.#isFrozen && !this.#outbox.isCongested && !this.#socket.destroyed;
  }

  #hasRoom(): void {
    this.#backlog.catchUp();
    this.#work();
  }

  #answer(message: CaMessage): void {
    switch (message.command) {
      case COMMAND.CREATE_CHAN:
        return this.#create(message);
      case COMMAND.CLEAR_CHANNEL:
        return this.#channelOf(message, (channel) => this.#clearAsked(channel));
      case COMMAND.READ_NOTIFY:
      case OTHER_COMMAND.READ:
        return this.#channelOf(message, (channel) => channel.read(message));
      case COMMAND.WRITE:
      case COMMAND.WRITE_NOTIFY:
        return this.#channelOf(message, (channel) => channel.write(message));
      case COMMAND.EVENT_ADD:
        return this.#channelOf(message, (channel) => channel.subscribe(message));
      case COMMAND.EVENT_CANCEL:
        return this.#channelOf(message, (channel) => channel.unsubscribe(message));
      case COMMAND.ECHO:
        return this.send({ command: COMMAND.ECHO });
      case COMMAND.SEARCH:
        return this.#search(message);
      case OTHER_COMMAND.EVENTS_OFF:
        this.#areEventsOff = true;
        return undefined;
      case OTHER_COMMAND.EVENTS_ON:
        return this.#eventsOn();
      case OTHER_COMMAND.READ_SYNC:
        return this.send({ command: OTHER_COMMAND.READ_SYNC });
      default: // VERSION, CLIENT_NAME, HOST_NAME, and words of later versions: nothing to say
        return undefined;
    }
  }

  #create({ p1: cid, payload }: CaMessage): void {
    const name = decodeText(payload, 0);
    const pv = this.#served.database.find(name);
    if (pv === undefined || this.#served.faults.isRefused(name) || this.#channels.size >= MAX_CHANNELS) {
      return this.send({ command: COMMAND.CREATE_CH_FAIL, p1: cid });
    }
    const sid = this.#nextSid++;
    const channel = new ServerChannel(pv, { cid, sid }, this);
    this.#channels.set(sid, channel);
    channel.introduce();
  }

  #clearAsked(channel: ServerChannel): void {
    this.#clear(channel);
    this.send({ command: COMMAND.CLEAR_CHANNEL, p1: channel.sid, p2: channel.cid });
  }

  #clear(channel: ServerChannel): void {
    channel.close();
    this.#channels.delete(channel.sid);
  }

  #eventsOn(): void {
    this.#areEventsOff = false;
    for (const send of this.#muted) this.#backlog.offer(send);
    this.#muted.clear();
  }

  #search(message: CaMessage): void {
    const reply = searchReply(message, this.#served);
    if (reply !== null) this.#outbox.send(reply);
  }

  #channelOf(message: CaMessage, then: (channel: ServerChannel) => void): void {
    const channel = this.#channels.get(message.p1);
    if (channel === undefined) return this.refuse(message, ECA.BADCHID, 'unknown channel');
    then(channel);
  }

  #of(recordName: string): ServerChannel[] {
    return [...this.#channels.values()].filter(({ pv }) => pv.record.name === recordName);
  }

  #closed(): void {
    this.#outbox.close();
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
    this.#served.circuits.delete(this);
  }
}
