import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { COMMAND, EVENT_MASK } from '../../../src/epics/ca/codec/commands.ts';
import { DBR } from '../../../src/epics/ca/codec/dbr-types.ts';
import { decodeDbr, encodeDbr, type EncodableValue } from '../../../src/epics/ca/codec/dbr.ts';
import { decodeError } from '../../../src/epics/ca/codec/error-message.ts';
import { type CaMessage, encodeMessage } from '../../../src/epics/ca/codec/message.ts';
import { parseDatagram } from '../../../src/epics/ca/codec/parser.ts';
import { ECA } from '../../../src/epics/ca/codec/status-codes.ts';
import { encodeName } from '../../../src/epics/ca/codec/text.ts';
import { AnalogRecord } from '../../../src/sim-ioc/records/analog.ts';
import { MotorRecord } from '../../../src/sim-ioc/records/motor/motor-record.ts';
import { TextRecord } from '../../../src/sim-ioc/records/text.ts';
import { WaveformRecord } from '../../../src/sim-ioc/records/waveform.ts';
import { OTHER_COMMAND } from '../../../src/sim-ioc/server/commands.ts';
import { RawCircuit } from '../../support/epics/raw-circuit.ts';
import { simIoc, type TestIoc } from '../../support/epics/sim-ioc.ts';

const GREETING = 1;
const TIME_DOUBLE = 20;

/** A raw circuit with one channel: its sid, and how much has been heard. */
async function channel(ioc: TestIoc, name: string): Promise<{ circuit: RawCircuit; sid: number } & Disposable> {
  const circuit = await RawCircuit.to(ioc);
  circuit.send({ command: COMMAND.CREATE_CHAN, p1: 1, p2: 13 }, encodeName(name));
  const [, , created] = await circuit.untilHeard(GREETING + 2);
  return { circuit, sid: created?.p2 ?? 0, [Symbol.dispose]: () => circuit[Symbol.dispose]() };
}

const mask = (bits: number): Buffer => {
  const payload = Buffer.alloc(16);
  payload.writeUInt16BE(bits, 12);
  return payload;
};

/** The message after those that have been heard before. */
async function nextMessage(circuit: RawCircuit, send: () => void): Promise<CaMessage> {
  const before = circuit.heard.length;
  send();
  const message = (await circuit.untilHeard(before + 1))[before];
  if (message === undefined) throw new Error('nothing was heard');
  return message;
}

function write(sid: number, type: number, value: EncodableValue, command: number = COMMAND.WRITE) {
  const { count, payload } = encodeDbr(type, value);
  return [{ command, type, count, p1: sid, p2: 77 }, payload] as const;
}

const heard = (circuit: RawCircuit, command: number): CaMessage[] =>
  circuit.heard.filter((message) => message.command === command);

test('a write that is refused is answered by an ERROR that echoes its header', async () => {
  await using ioc = await simIoc([new AnalogRecord('T:ao', 'ao')], { access: { 'T:ao': 'read' } });
  using open = await channel(ioc, 'T:ao');
  const [header, payload] = write(open.sid, DBR.DOUBLE, 1);
  const error = await nextMessage(open.circuit, () => open.circuit.send(header, payload));
  expect(error).toMatchObject({ command: COMMAND.ERROR, p1: 1, p2: ECA.NOWTACCESS });
  expect(decodeError(error)).toMatchObject({
    code: ECA.NOWTACCESS,
    request: { command: COMMAND.WRITE, type: DBR.DOUBLE, count: 1, p1: open.sid, p2: 77 },
  });
});

test('a channel that does not exist is named in an ERROR, and the circuit lives on', async () => {
  await using ioc = await simIoc([new AnalogRecord('T:ao', 'ao')]);
  using open = await channel(ioc, 'T:ao');
  const ask = (sid: number) => open.circuit.send({ command: COMMAND.READ_NOTIFY, type: DBR.DOUBLE, p1: sid, p2: 5 });
  expect(await nextMessage(open.circuit, () => ask(99))).toMatchObject({ command: COMMAND.ERROR, p2: ECA.BADCHID });
  expect(await nextMessage(open.circuit, () => ask(open.sid))).toMatchObject({ command: COMMAND.READ_NOTIFY, p2: 5 });
});

test('a DBR type that does not exist ends the circuit, after the reason', async () => {
  await using ioc = await simIoc([new AnalogRecord('T:ao', 'ao')]);
  using open = await channel(ioc, 'T:ao');
  open.circuit.send({ command: COMMAND.READ_NOTIFY, type: 50, p1: open.sid, p2: 5 });
  open.circuit.send({ command: COMMAND.ECHO });
  await open.circuit.ended;
  expect(open.circuit.heard.slice(3)).toMatchObject([{ command: COMMAND.ERROR, p2: ECA.BADTYPE }]);
});

test('a name that is not served cannot become a channel', async () => {
  await using ioc = await simIoc([]);
  using circuit = await RawCircuit.to(ioc);
  circuit.send({ command: COMMAND.CREATE_CHAN, p1: 8, p2: 13 }, encodeName('T:none'));
  expect((await circuit.untilHeard(2))[1]).toMatchObject({ command: COMMAND.CREATE_CH_FAIL, p1: 8 });
});

test('names are found over TCP, too, as a name server finds them', async () => {
  await using ioc = await simIoc([new AnalogRecord('T:ao', 'ao')]);
  using circuit = await RawCircuit.to(ioc);
  circuit.send({ command: COMMAND.SEARCH, type: 5, count: 13, p1: 4, p2: 4 }, encodeName('T:ao.HOPR'));
  expect((await circuit.untilHeard(2))[1]).toMatchObject({ command: COMMAND.SEARCH, type: ioc.tcpPort, p2: 4 });
});

test('a monitor ends within an event, and its end is confirmed', async () => {
  const record = new AnalogRecord('T:ao', 'ao');
  await using ioc = await simIoc([record]);
  using open = await channel(ioc, 'T:ao');
  const { circuit, sid } = open;
  const subscription = { type: TIME_DOUBLE, count: 1, p1: sid, p2: 3 };
  await nextMessage(circuit, () =>
    circuit.send({ command: COMMAND.EVENT_ADD, ...subscription }, mask(EVENT_MASK.VALUE)),
  );
  const end = await nextMessage(circuit, () => circuit.send({ command: COMMAND.EVENT_CANCEL, ...subscription }));
  expect(end).toMatchObject({ command: COMMAND.EVENT_ADD, p1: sid, p2: 3 });
  expect(end.payload).toHaveLength(0);
  record.update(5);
  await nextMessage(circuit, () => circuit.send({ command: COMMAND.ECHO }));
  expect(circuit.heard.at(-1)?.command).toBe(COMMAND.ECHO);
});

test('the events of a motion come before the answer to its put-callback', async () => {
  await using ioc = await simIoc([new MotorRecord('T:m1', { velocity: 100, acceleration: 0.01 })]);
  using circuit = await RawCircuit.to(ioc);
  for (const [cid, name] of ['T:m1', 'T:m1.RBV', 'T:m1.DMOV'].entries()) {
    circuit.send({ command: COMMAND.CREATE_CHAN, p1: cid, p2: 13 }, encodeName(name));
  }
  await circuit.untilHeard(GREETING + 6);
  const [setpoint = 0, readback = 0, done = 0] = heard(circuit, COMMAND.CREATE_CHAN).map(({ p2 }) => p2);
  const monitor = (sid: number, subid: number): void =>
    circuit.send(
      { command: COMMAND.EVENT_ADD, type: DBR.DOUBLE, count: 1, p1: sid, p2: subid },
      mask(EVENT_MASK.VALUE),
    );
  monitor(readback, 1);
  monitor(done, 2);
  const before = (await circuit.untilHeard(GREETING + 8)).length;

  circuit.send(...write(setpoint, DBR.DOUBLE, 1, COMMAND.WRITE_NOTIFY));
  await expect.poll(() => heard(circuit, COMMAND.WRITE_NOTIFY).length, { interval: 5 }).toBe(1);

  const told = circuit.heard.slice(before).map((message) => {
    if (message.command !== COMMAND.EVENT_ADD) return 'answer';
    return `${message.p2 === 1 ? 'RBV' : 'DMOV'} ${String(decodeDbr(message).value)}`;
  });
  expect(told[0]).toBe('DMOV 0');
  expect(told.slice(-3)).toEqual(['RBV 1', 'DMOV 1', 'answer']);
});

test('events that a client has turned off come with the latest value once it turns them on', async () => {
  const record = new AnalogRecord('T:ao', 'ao');
  await using ioc = await simIoc([record]);
  using open = await channel(ioc, 'T:ao');
  const { circuit, sid } = open;
  const add = { command: COMMAND.EVENT_ADD, type: DBR.DOUBLE, count: 1, p1: sid, p2: 3 };
  await nextMessage(circuit, () => circuit.send(add, mask(EVENT_MASK.VALUE)));
  circuit.send({ command: OTHER_COMMAND.EVENTS_OFF });
  await nextMessage(circuit, () => circuit.send({ command: COMMAND.ECHO }));
  for (const value of [1, 2, 3]) record.update(value);
  const event = await nextMessage(circuit, () => circuit.send({ command: OTHER_COMMAND.EVENTS_ON }));
  expect(decodeDbr(event).value).toBe(3);
  await nextMessage(circuit, () => circuit.send({ command: COMMAND.ECHO }));
  expect(heard(circuit, COMMAND.EVENT_ADD)).toHaveLength(2);
});

test('a client that does not read its events gets the latest, and nothing is kept of those between', async () => {
  // Given a monitor of a 256 kB array whose client reads nothing
  const record = new WaveformRecord('T:wf', {
    elements: 'DOUBLE',
    capacity: 32_768,
    value: new Float64Array(32_768),
  });
  await using ioc = await simIoc([record]);
  using open = await channel(ioc, 'T:wf');
  const { circuit, sid } = open;
  const add = { command: COMMAND.EVENT_ADD, type: DBR.DOUBLE, count: 0, p1: sid, p2: 3 };
  await nextMessage(circuit, () => circuit.send(add, mask(EVENT_MASK.VALUE)));
  circuit.socket.pause();

  // When it changes a thousand times
  for (let index = 1; index <= 1000; index++) {
    record.update(new Float64Array(32_768).fill(index));
    // Lets the sockets work, as time between changes would.
    await new Promise((resolve) => void setImmediate(resolve));
  }

  // Then what it reads in the end is the last, after the few that were on their way when it stopped reading
  circuit.socket.resume();
  const last = (): unknown => {
    const event = heard(circuit, COMMAND.EVENT_ADD).at(-1);
    return event === undefined ? null : (decodeDbr(event).value as Float64Array)[0];
  };
  await expect.poll(last, { interval: 10, timeout: 10_000 }).toBe(1000);
  expect(heard(circuit, COMMAND.EVENT_ADD).length).toBeLessThan(100);
});

test('a client that does not take its answers is asked nothing more until it does, and gets all of them then', async () => {
  const record = new WaveformRecord('T:wf', { elements: 'DOUBLE', capacity: 32_768, value: new Float64Array(32_768) });
  await using ioc = await simIoc([record]);
  using open = await channel(ioc, 'T:wf');
  const { circuit, sid } = open;
  circuit.socket.pause();
  const before = process.memoryUsage().arrayBuffers;
  const requests = Array.from({ length: 400 }, (_, ioid) =>
    encodeMessage({ command: COMMAND.READ_NOTIFY, type: DBR.DOUBLE, p1: sid, p2: ioid }),
  );
  circuit.socket.write(Buffer.concat(requests.flat())); // answers of 100 MB
  using other = await channel(ioc, 'T:wf'); // the IOC is there for others
  expect(other.sid).toBeGreaterThan(0);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);

  circuit.socket.resume();
  await expect
    .poll(() => heard(circuit, COMMAND.READ_NOTIFY).length, { interval: 20, timeout: 20_000 })
    .toBe(requests.length);
  expect(heard(circuit, COMMAND.READ_NOTIFY).map(({ p2 }) => p2)).toEqual(requests.map((_, ioid) => ioid));
});

test('a count beyond all reason is refused, not allocated', async () => {
  await using ioc = await simIoc([new AnalogRecord('T:ao', 'ao')]);
  using open = await channel(ioc, 'T:ao');
  const request = { command: COMMAND.READ_NOTIFY, type: DBR.DOUBLE, count: 0xffff_fff0, p1: open.sid, p2: 5 };
  expect(await nextMessage(open.circuit, () => open.circuit.send(request))).toMatchObject({ p1: ECA.TOLARGE, p2: 5 });
});

test('a text asked for as a number fails for who asked, and for nobody else', async () => {
  const record = new TextRecord('T:text', 'stringout', { value: '1' });
  await using ioc = await simIoc([record]);
  using open = await channel(ioc, 'T:text');
  const { circuit, sid } = open;
  const add = { command: COMMAND.EVENT_ADD, type: DBR.DOUBLE, count: 1, p1: sid, p2: 3 };
  expect(decodeDbr(await nextMessage(circuit, () => circuit.send(add, mask(EVENT_MASK.VALUE)))).value).toBe(1);

  using other = await channel(ioc, 'T:text');
  const [header, payload] = write(other.sid, DBR.STRING, 'one', COMMAND.WRITE_NOTIFY);
  expect(await nextMessage(other.circuit, () => other.circuit.send(header, payload))).toMatchObject({ p1: ECA.NORMAL });
  await expect.poll(() => heard(circuit, COMMAND.EVENT_ADD).at(-1)?.p1, { interval: 5 }).toBe(ECA.GETFAIL);
});

test('junk by TCP costs at most its circuit, and junk by UDP nothing', async () => {
  await using ioc = await simIoc([new AnalogRecord('T:ao', 'ao')]);
  // Deterministic noise: a failure can be repeated.
  let seed = 1;
  const noise = (length: number): Buffer =>
    Buffer.from(Array.from({ length }, () => (seed = (seed * 48_271) % 2_147_483_647) & 0xff));
  const udp = createSocket('udp4');
  for (const length of [0, 1, 15, 16, 17, 1000]) udp.send(noise(length), ioc.udpPort, ioc.host);
  for (let index = 0; index < 50; index++) {
    const socket = connect(ioc.tcpPort, ioc.host);
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    await once(socket, 'connect');
    socket.end(noise(16 * (index + 1)));
    await once(socket, 'close');
  }
  const oversized = await RawCircuit.to(ioc);
  oversized.socket.write(Buffer.from('000fffff0006000000000001000000017fffffff00000001', 'hex'));
  await oversized.ended;

  const search = encodeMessage({ command: COMMAND.SEARCH, type: 5, count: 13, p1: 4, p2: 4 }, encodeName('T:ao'));
  const answer = once(udp, 'message');
  udp.send(Buffer.concat(search), ioc.udpPort, ioc.host);
  const [datagram] = (await answer) as [Buffer];
  expect(parseDatagram(datagram).at(-1)).toMatchObject({ command: COMMAND.SEARCH, type: ioc.tcpPort });
  udp.close();
  using open = await channel(ioc, 'T:ao');
  expect(open.sid).toBeGreaterThan(0);
});
