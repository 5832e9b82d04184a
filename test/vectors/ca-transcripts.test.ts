import { describe, expect, test } from 'vitest';
import * as messages from '../../src/epics/ca/client-messages.ts';
import { COMMAND } from '../../src/epics/ca/codec/commands.ts';
import { decodeDbr, encodeDbr } from '../../src/epics/ca/codec/dbr.ts';
import { partsOf } from '../../src/epics/ca/codec/dbr-types.ts';
import { type CaMessage, encodeMessage } from '../../src/epics/ca/codec/message.ts';
import { decodeText } from '../../src/epics/ca/codec/text.ts';
import { encodePut } from '../../src/epics/ca/put-value.ts';
import { type CaChannel, type CaReading, DBR, type DbrForm, EVENT_MASK } from '../../src/epics/index.ts';
import { clientOf, Collected } from '../support/epics/clients.ts';
import { type Exchange, recorded, type RecordedConversation } from '../support/epics/recorded-conversation.ts';
import { type ScriptedPv, type ScriptedServer, startServer } from '../support/epics/scripted-server.ts';
import { withoutHoles } from '../support/epics/without-holes.ts';

const CONVERSATIONS = [
  'ca_all_dbr_forms',
  'ca_libca_array_get',
  'ca_libca_ctrl',
  'ca_libca_get',
  'ca_libca_monitor',
  'ca_libca_motor_move',
  'ca_libca_put',
  'ca_libca_put_denied',
  'ca_libca_put_enum_string',
  'ca_libca_slow_put_callback',
];

describe.each(CONVERSATIONS)('the recorded conversation %s', (name) => {
  const conversation = recorded(name);

  test('is understood to its last byte', () => {
    expect(conversation.exchanges.length).toBeGreaterThan(0);
    expect(conversation.unreadBytes).toBe(0);
  });

  test('holds values that are encoded to the very bytes that they were decoded from', () => {
    for (const reply of conversation.exchanges.flatMap(({ replies }) => replies)) {
      if (reply.command === COMMAND.WRITE_NOTIFY) continue;
      const reading = decodeDbr(reply);
      expect(withoutHoles(encodeDbr(reply.type, reading.value, reading)).toString('hex')).toBe(
        withoutHoles(reply).toString('hex'),
      );
    }
  });

  test('has messages of the client that ours makes byte by byte', () => {
    const ours = conversation.fromClient.map((message) => ourVersionOf(message).toString('hex'));
    expect(ours).toEqual(conversation.fromClient.map((message) => bytesOf(message).toString('hex')));
  });

  test('can be held with our client, to the same results', async () => {
    await using server = await serverOf(conversation);
    using client = clientOf([server]);
    for (const exchange of conversation.exchanges) {
      if (exchange.replies.length === 0) continue; // the recording ends before the motor stops
      const channel = await client.channel(exchange.name).waitForConnection(5);
      const results = exchange.replies.map((reply) =>
        reply.command === COMMAND.WRITE_NOTIFY ? 'done' : decodeDbr(reply, channel.nativeCount === 1),
      );
      expect(await held(channel, exchange)).toEqual(results);
    }
  });
});

const bytesOf = (message: CaMessage): Buffer => Buffer.concat(encodeMessage(message, message.payload));

/** The same message, made by our own functions from what it means. */
function ourVersionOf({ command, type, count, p1, p2, payload }: CaMessage): Buffer {
  const text = decodeText(payload);
  const [clientName, clientNamePayload, hostName, hostNamePayload] = messages.greeting(text, text).slice(1);
  const pieces = {
    [COMMAND.VERSION]: [messages.version()],
    [COMMAND.CLIENT_NAME]: [clientName, clientNamePayload],
    [COMMAND.HOST_NAME]: [hostName, hostNamePayload],
    [COMMAND.CREATE_CHAN]: messages.createChannel(p1, text),
    [COMMAND.CLEAR_CHANNEL]: [messages.clearChannel(p1, p2)],
    [COMMAND.READ_NOTIFY]: [messages.readNotify(p1, p2, { type, count })],
    [COMMAND.WRITE_NOTIFY]: messages.writeNotify(p1, p2, encodePut(text, { type: DBR.STRING, count: 1 })),
    [COMMAND.EVENT_ADD]: messages.eventAdd(p1, p2, { type, count, mask: EVENT_MASK.VALUE | EVENT_MASK.ALARM }),
  }[command];
  return Buffer.concat((pieces ?? []).filter((piece) => piece !== undefined));
}

/** A server that has the recorded channels, and gives the recorded answers to the recorded requests. */
async function serverOf(conversation: RecordedConversation): Promise<ScriptedServer> {
  const pvs = Object.fromEntries(
    [...conversation.channels].map(([name, { type, count }]) => [
      name,
      { type, count, value: '' } satisfies ScriptedPv,
    ]),
  );
  const waiting = [...conversation.exchanges];
  return startServer(pvs, {
    intercept: (message, circuit) => {
      const name = circuit.channels.get(message.p1)?.name;
      const at = waiting.findIndex(
        ({ request, ...exchange }) =>
          exchange.name === name &&
          request.command === message.command &&
          request.type === message.type &&
          request.payload.equals(message.payload),
      );
      const [exchange] = at < 0 ? [] : waiting.splice(at, 1);
      for (const reply of exchange?.replies ?? []) circuit.send({ ...reply, p2: message.p2 }, reply.payload);
      return exchange !== undefined;
    },
  });
}

/** Asks our client for what the recorded one asked; what came, in order. */
async function held(channel: CaChannel, { request, replies }: Exchange): Promise<unknown[]> {
  const { form, native: type } = partsOf(request.type);
  const { count } = request;
  if (request.command === COMMAND.READ_NOTIFY) return [await channel.get({ form, type, count, timeout: 5 })];
  if (request.command === COMMAND.WRITE_NOTIFY) {
    await channel.put(decodeText(request.payload), { type, timeout: 5 });
    return ['done'];
  }
  const readings = new Collected<CaReading>();
  using _subscription = channel.subscribe(readings.add, { form, type, count });
  return await readings.take(replies.length); // and only then the subscription ends
}

describe('all forms of the recorded channels, as a person reads them', () => {
  const conversation = recorded('ca_all_dbr_forms');
  const readings = (name: string): Partial<Record<DbrForm, CaReading>> =>
    Object.fromEntries(
      conversation.exchanges
        .filter((exchange) => exchange.name === name)
        .flatMap(({ replies }) => replies)
        .filter(({ count }) => count !== 99)
        .map((reply) => [partsOf(reply.type).form, decodeDbr(reply)]),
    );
  const NO_ALARM = { status: 0, severity: 0 };
  const noLimits = (limit: number) => ({
    upperAlarmLimit: limit,
    upperWarningLimit: limit,
    lowerWarningLimit: limit,
    lowerAlarmLimit: limit,
  });

  test('DOUBLE: 7.25 mm, with limits that the record leaves open as NaN', () => {
    const { plain, sts, time, gr, ctrl } = readings('s:D');
    const display = {
      value: 7.25,
      ...NO_ALARM,
      precision: 3,
      units: 'mm',
      upperDispLimit: 90,
      lowerDispLimit: -90,
      upperAlarmLimit: 80,
      upperWarningLimit: 70,
      lowerWarningLimit: NaN,
      lowerAlarmLimit: NaN,
    };
    expect(plain).toEqual({ value: 7.25, count: 1, dbrType: 6 });
    expect(sts).toEqual({ value: 7.25, count: 1, dbrType: 13, ...NO_ALARM });
    expect(time).toMatchObject({ value: 7.25, ...NO_ALARM, secondsPastEpoch: 0x45638fb8, nanoseconds: 0x35154a7b });
    expect(time?.timestamp).toBeCloseTo(631_152_000 + 0x45638fb8 + 0x35154a7b / 1e9, 5);
    expect(gr).toEqual({ ...display, count: 1, dbrType: 27 });
    expect(ctrl).toEqual({ ...display, count: 1, dbrType: 34, upperCtrlLimit: 100, lowerCtrlLimit: -100 });
  });

  test('LONG, ENUM and STRING', () => {
    expect(readings('s:I')).toMatchObject({ plain: { value: 49 }, ctrl: { value: 49, units: '', ...noLimits(0) } });
    expect(readings('s:E')).toMatchObject({
      plain: { value: 2 },
      time: { value: 2, secondsPastEpoch: 0x45638fa8 },
      ctrl: { value: 2, enumStrings: ['Zero', 'One', 'Two', 'Three'] },
    });
    for (const reading of Object.values(readings('s:S'))) expect(reading).toMatchObject({ value: 'hello', count: 1 });
  });

  test('arrays: 8 of at most 4,096 FLOATs, and a long string of 203 bytes', () => {
    for (const reading of Object.values(readings('s:F32'))) {
      expect(reading).toMatchObject({ value: Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5), count: 8 });
    }
    expect(readings('s:F32').ctrl).toMatchObject(noLimits(NaN));
    for (const reading of Object.values(readings('s:LS.VAL$'))) {
      const bytes = reading.value as Uint8Array;
      expect(bytes).toHaveLength(205);
      expect(decodeText(Buffer.from(bytes))).toBe(`${'x'.repeat(200)} µm`);
    }
  });
});
