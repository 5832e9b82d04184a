import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND } from '../../../src/epics/ca/codec/commands.ts';
import { isNativeType, type NativeType } from '../../../src/epics/ca/codec/dbr-types.ts';
import { type CaMessage, encodeMessage } from '../../../src/epics/ca/codec/message.ts';
import { MessageParser, parseDatagram } from '../../../src/epics/ca/codec/parser.ts';
import { decodeText } from '../../../src/epics/ca/codec/text.ts';

interface Packet {
  proto: 'udp' | 'tcp';
  dir: 'c2s' | 's2c';
  hex?: string;
}

/** One request of the recorded client, with what the recorded server answered to it. */
export interface Exchange {
  readonly name: string;
  readonly request: CaMessage;
  readonly replies: CaMessage[];
}

/** A Channel Access conversation between a C client and a C IOC, recorded byte by byte. */
export class RecordedConversation {
  readonly datagrams: { dir: Packet['dir']; message: CaMessage }[] = [];
  readonly fromClient: CaMessage[] = [];
  readonly fromServer: CaMessage[] = [];
  #streamBytes = 0;

  constructor(path: string) {
    const { packets } = JSON.parse(readFileSync(path, 'utf8')) as { packets: Packet[] };
    const parsers = { c2s: new MessageParser(1 << 24), s2c: new MessageParser(1 << 24) };
    const heard = { c2s: this.fromClient, s2c: this.fromServer };
    for (const { proto, dir, hex } of packets) {
      if (hex === undefined) continue;
      const bytes = Buffer.from(hex, 'hex');
      if (proto === 'tcp') heard[dir].push(...parsers[dir].push(bytes));
      if (proto === 'tcp') this.#streamBytes += bytes.length;
      else this.datagrams.push(...parseDatagram(bytes).map((message) => ({ dir, message })));
    }
  }

  /** What is left of the two streams when every whole message is cut off. */
  get unreadBytes(): number {
    return this.#streamBytes - sum([...this.fromClient, ...this.fromServer].map(lengthOf));
  }

  /** The channels by name, as the server created them. */
  get channels(): Map<string, { cid: number; sid: number; type: NativeType; count: number; access: number }> {
    const channels = new Map();
    for (const { command, p1: cid, payload } of this.fromClient) {
      if (command !== COMMAND.CREATE_CHAN) continue;
      const created = this.fromServer.find((reply) => reply.command === command && reply.p1 === cid);
      const rights = this.fromServer.find((reply) => reply.command === COMMAND.ACCESS_RIGHTS && reply.p1 === cid);
      if (created === undefined || !isNativeType(created.type)) throw new Error('a channel was not created');
      const { p2: sid, type, count } = created;
      channels.set(decodeText(payload), { cid, sid, type, count, access: rights?.p2 ?? 0 });
    }
    return channels;
  }

  /** Reads, writes and monitors, in order. */
  get exchanges(): Exchange[] {
    const names = new Map([...this.channels].map(([name, { sid }]) => [sid, name]));
    const commands = new Set<number>([COMMAND.READ_NOTIFY, COMMAND.WRITE_NOTIFY, COMMAND.EVENT_ADD]);
    return this.fromClient
      .filter(({ command }) => commands.has(command))
      .map((request) => ({
        name: names.get(request.p1) ?? '',
        request,
        replies: this.fromServer.filter(({ command, p2 }) => command === request.command && p2 === request.p2),
      }));
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const lengthOf = (message: CaMessage): number =>
  sum(encodeMessage(message, message.payload).map(({ length }) => length));

const folder = join(process.env.BEAMGATE_VECTORS ?? '../shared/vectors', 'ca-transcripts');

/** `ca_libca_put` and the like. A recording that is not there fails the test that asks for it. */
export const recorded = (name: string): RecordedConversation => new RecordedConversation(join(folder, `${name}.json`));
