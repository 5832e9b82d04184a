import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { COMMAND } from '../../src/epics/ca/codec/commands.ts';
import { decodeDbr } from '../../src/epics/ca/codec/dbr.ts';
import { isDbrType, partsOf } from '../../src/epics/ca/codec/dbr-types.ts';
import { type CaMessage, encodeMessage } from '../../src/epics/ca/codec/message.ts';
import { parseDatagram } from '../../src/epics/ca/codec/parser.ts';
import { decodeText } from '../../src/epics/ca/codec/text.ts';
import type { Access } from '../../src/sim-ioc/access.ts';
import { type Ioc, startIoc } from '../../src/sim-ioc/ioc.ts';
import { AnalogRecord } from '../../src/sim-ioc/records/analog.ts';
import { DiscreteRecord } from '../../src/sim-ioc/records/discrete.ts';
import { MotorRecord } from '../../src/sim-ioc/records/motor/motor-record.ts';
import type { EpicsRecord } from '../../src/sim-ioc/records/record.ts';
import { TextRecord } from '../../src/sim-ioc/records/text.ts';
import { WaveformRecord } from '../../src/sim-ioc/records/waveform.ts';
import { RawCircuit } from '../support/epics/raw-circuit.ts';
import { recorded, type RecordedConversation } from '../support/epics/recorded-conversation.ts';
import { withoutHoles } from '../support/epics/without-holes.ts';

/** The records of the recorded IOC, as they were when a recording began. */
const aDouble = (value: number): EpicsRecord =>
  new AnalogRecord('s:D', 'ao', {
    value,
    units: 'mm',
    precision: 3,
    display: [-90, 90],
    drive: [-100, 100],
    // Only the upper ones have a severity.
    warning: [NaN, 70],
    alarm: [NaN, 80],
  });
const anInteger = (): EpicsRecord => new AnalogRecord('s:I', 'longout', { value: 49 });
const anEnum = (): EpicsRecord =>
  new DiscreteRecord('s:E', 'mbbo', { states: ['Zero', 'One', 'Two', 'Three'], value: 2 });
const aText = (): EpicsRecord => new TextRecord('s:S', 'stringout', { value: 'hello' });
const aLongText = (): EpicsRecord => new TextRecord('s:LS', 'lso', { value: `${'x'.repeat(200)} µm`, bytes: 500 });
const floats = (value: Float32Array): EpicsRecord =>
  new WaveformRecord('s:F32', { elements: 'FLOAT', capacity: 4096, value });
const EIGHT_FLOATS = Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5);
const texts = (): EpicsRecord => new WaveformRecord('s:STRS', { elements: 'STRING', capacity: 5, value: [] });

/** As a record of a real IOC is before anything was written. */
function undefinedYet(record: EpicsRecord): EpicsRecord {
  record.forceAlarm({ condition: 'UDF', severity: 'INVALID' });
  return record;
}

interface Rig {
  records: () => EpicsRecord[];
  access?: Record<string, Access>;
  /** What the record does by itself once somebody monitors it: the values that the recorded one took. */
  counts?: string;
}

const RIGS: Record<string, Rig> = {
  ca_all_dbr_forms: {
    records: () => [aDouble(7.25), anInteger(), anEnum(), aText(), aLongText(), floats(EIGHT_FLOATS)],
  },
  ca_libca_array_get: { records: () => [floats(EIGHT_FLOATS)] },
  ca_libca_ctrl: { records: () => [aDouble(50)] },
  ca_libca_get: {
    records: () => [
      aDouble(50),
      anInteger(),
      anEnum(),
      aText(),
      undefinedYet(floats(Float32Array.of())),
      undefinedYet(texts()),
      new AnalogRecord('s:T1', 'ai', { value: 535 }),
    ],
  },
  ca_libca_monitor: { records: () => [new AnalogRecord('s:T10', 'ai', { value: 5460 })], counts: 's:T10' },
  ca_libca_motor_move: { records: () => [new MotorRecord('IOC:m2')] },
  ca_libca_put: { records: () => [aDouble(50)] },
  ca_libca_put_denied: {
    records: () => [new AnalogRecord('s:ROW', 'ao', { value: 3 })],
    access: { 's:ROW': 'read' },
  },
  ca_libca_put_enum_string: { records: () => [anEnum()] },
  ca_libca_slow_put_callback: {
    records: () => [
      new AnalogRecord('s:SLOW', 'ao', {
        value: 1,
        device: (signal) => delay(200, undefined, { signal }),
      }),
    ],
  },
};

describe.each(Object.entries(RIGS))('the recorded client of %s', (name, rig) => {
  const conversation = recorded(name);

  test('finds its channels by the very search replies that it got', async () => {
    await using on = await iocOf(rig);
    const { udpPort, tcpPort } = on.ioc;
    const searches = conversation.datagrams.filter(({ dir }) => dir === 'c2s').map(({ message }) => message);
    const replies = conversation.datagrams.filter(({ dir }) => dir === 's2c').map(({ message }) => message);

    const answered = await answerTo(udpPort, searches, replies.length);

    expect(answered.map(plain)).toEqual(
      replies.map((reply) => plain(reply.command === COMMAND.SEARCH ? { ...reply, type: tcpPort } : reply)),
    );
  });

  test('gets the answers that it got from the real IOC', async () => {
    await using on = await iocOf(rig);
    using circuit = await RawCircuit.to(on.ioc);
    const held = await heldWith(circuit, conversation, () => count(on.ioc, rig, conversation));

    const expected = conversation.fromServer;
    const named = new Map([...conversation.channels].map(([channel, { sid }]) => [sid, channel]));
    expect(held.heard.slice(0, expected.length).map((message) => meaning(message, held.names))).toEqual(
      expected.map((message) => meaning(message, named)),
    );
  });
});

async function iocOf({ records, access = {} }: Rig): Promise<{ ioc: Ioc } & AsyncDisposable> {
  const ioc = await startIoc({ records: records() });
  for (const [record, rights] of Object.entries(access)) ioc.faults.setAccess(record, rights);
  return { ioc, [Symbol.asyncDispose]: () => ioc.close() };
}

/** Sends each datagram of searches as it was, `VERSION` first; gives all that came back. */
async function answerTo(port: number, messages: readonly CaMessage[], replies: number): Promise<CaMessage[]> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const answered: CaMessage[] = [];
  const all = new Promise<void>((resolve) => {
    socket.on('message', (datagram) => {
      answered.push(...parseDatagram(datagram));
      if (answered.length >= replies) resolve();
    });
  });
  const starts = messages.flatMap(({ command }, index) => (command === COMMAND.VERSION ? [index] : []));
  for (const [index, start] of starts.entries()) {
    const pieces = messages
      .slice(start, starts[index + 1])
      .flatMap((message) => encodeMessage(message, message.payload));
    socket.send(Buffer.concat(pieces), port, '127.0.0.1');
  }
  await all;
  socket.close();
  return answered;
}

/**
 * Says what the recorded client said, each word after the answer to the one before, with our numbers for the channels
 * in the place of the recorded ones.
 */
async function heldWith(
  circuit: RawCircuit,
  conversation: RecordedConversation,
  monitored: () => void,
): Promise<{ heard: readonly CaMessage[]; names: Map<number, string> }> {
  const names = new Map<number, string>();
  const ours = new Map<number, number>();
  const isToChannel = ({ command }: CaMessage) =>
    [COMMAND.READ_NOTIFY, COMMAND.WRITE_NOTIFY, COMMAND.EVENT_ADD, COMMAND.CLEAR_CHANNEL].includes(command as never);
  let answers = 1; // the server greets
  for (const message of conversation.fromClient) {
    circuit.send(isToChannel(message) ? { ...message, p1: ours.get(message.p1) ?? 0 } : message, message.payload);
    if (message.command === COMMAND.EVENT_ADD) {
      await circuit.untilHeard(answers + 1);
      monitored();
    }
    answers += answersTo(message, conversation);
    const heard = await circuit.untilHeard(answers);
    const created = heard.at(-1);
    if (message.command !== COMMAND.CREATE_CHAN || created === undefined) continue;
    const channel = decodeText(message.payload);
    names.set(created.p2, channel);
    ours.set(conversation.channels.get(channel)?.sid ?? 0, created.p2);
  }
  return { heard: circuit.heard, names };
}

/** How many the real server gave. */
function answersTo({ command, p1, p2 }: CaMessage, { fromServer }: RecordedConversation): number {
  if (command === COMMAND.CREATE_CHAN) return 2;
  if (command === COMMAND.CLEAR_CHANNEL)
    return fromServer.filter((reply) => reply.command === command && reply.p1 === p1).length;
  const isAsked = [COMMAND.READ_NOTIFY, COMMAND.WRITE_NOTIFY, COMMAND.EVENT_ADD].includes(command as never);
  return isAsked ? fromServer.filter((reply) => reply.command === command && reply.p2 === p2).length : 0;
}

function count({ database }: Ioc, { counts }: Rig, { exchanges }: RecordedConversation): void {
  const record = counts === undefined ? undefined : database.record(counts);
  if (!(record instanceof AnalogRecord)) return;
  const values = exchanges.flatMap(({ replies }) => replies.map((reply) => decodeDbr(reply).value));
  for (const value of values.slice(1)) record.update(value);
}

const plain = ({ command, type, count, p1, p2, payload }: CaMessage): unknown => ({
  command,
  type,
  count,
  p1,
  p2,
  payload: payload.toString('hex'),
});

/** A message of a server, without what is its own affair: numbers of channels, time stamps, and holes in structs. */
function meaning(message: CaMessage, names: ReadonlyMap<number, string>): unknown {
  const { command, type, p1, p2, payload } = message;
  if (command === COMMAND.CREATE_CHAN) return { ...(plain(message) as object), p2: names.get(p2) };
  if (command === COMMAND.CLEAR_CHANNEL) return { ...(plain(message) as object), p1: names.get(p1) };
  if (payload.length === 0 || !isDbrType(type)) return plain(message);
  const bytes = withoutHoles(message);
  if (partsOf(type).form === 'time') bytes.fill(0, 4, 12);
  return { ...(plain(message) as object), payload: bytes.toString('hex') };
}
