import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ADDRESS_OF_SENDER, COMMAND, MINOR_VERSION } from '../../../src/epics/ca/codec/commands.ts';
import { decodeDbr, type EncodableValue, encodeDbr } from '../../../src/epics/ca/codec/dbr.ts';
import { DBR, type NativeType } from '../../../src/epics/ca/codec/dbr-types.ts';
import { type CaHeader, type CaMessage, encodeMessage } from '../../../src/epics/ca/codec/message.ts';
import type { CaMetadata } from '../../../src/epics/ca/codec/metadata.ts';
import { MessageParser, parseDatagram } from '../../../src/epics/ca/codec/parser.ts';
import { ECA } from '../../../src/epics/ca/codec/status-codes.ts';
import { decodeText } from '../../../src/epics/ca/codec/text.ts';

export interface ScriptedPv {
  type: NativeType;
  count: number;
  value: EncodableValue;
  metadata?: CaMetadata;
}

/** One client's TCP connection, as the server sees it. */
export class ServerCircuit {
  readonly socket: Socket;
  /** What the client calls each channel, by our number for it. */
  readonly channels = new Map<number, { name: string; cid: number }>();
  readonly monitors = new Map<number, { name: string; type: number }>();

  constructor(socket: Socket) {
    this.socket = socket;
  }

  cidOf(name: string): number {
    const channel = [...this.channels.values()].find((channel) => channel.name === name);
    if (channel === undefined) throw new Error(`no client has '${name}'`);
    return channel.cid;
  }

  send(header: Partial<CaHeader> & Pick<CaHeader, 'command'>, payload?: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(encodeMessage(header, payload)));
  }
}

interface Script {
  pvs: Record<string, ScriptedPv>;
  /** True when the script has dealt with the message itself. */
  intercept?: (message: CaMessage, circuit: ServerCircuit) => boolean;
  /** Goes into search replies; default: "where this comes from". */
  searchReplyAddress?: number;
  tcpPort?: number;
}

/**
 * A Channel Access server on loopback that does what its script says, and otherwise what any server does. It has no
 * records: a put is kept, and nothing follows from it.
 */
export class ScriptedServer {
  readonly script: Script;
  readonly circuits = new Set<ServerCircuit>();
  readonly searches: string[] = [];
  readonly received: CaMessage[] = [];
  answersSearches = true;
  isFrozen = false;
  readonly #udp: UdpSocket = createSocket('udp4');
  readonly #tcp: Server = createServer((socket) => this.#accept(socket));
  readonly #watchers = new Set<() => void>();

  constructor(script: Script) {
    this.script = script;
  }

  async start(udpPort = 0): Promise<this> {
    this.#udp.on('message', (datagram, { port, address }) => this.#searched(datagram, port, address));
    this.#udp.bind(udpPort, '127.0.0.1');
    this.#tcp.listen(this.script.tcpPort ?? 0, '127.0.0.1');
    await Promise.all([once(this.#udp, 'listening'), once(this.#tcp, 'listening')]);
    return this;
  }

  get udpPort(): number {
    return this.#udp.address().port;
  }

  get tcpPort(): number {
    return (this.#tcp.address() as AddressInfo).port;
  }

  get searchAddress(): string {
    return `127.0.0.1:${this.udpPort}`;
  }

  get circuit(): ServerCircuit {
    const [circuit] = this.circuits;
    if (circuit === undefined) throw new Error('no client is connected');
    return circuit;
  }

  /** Resolves when something was received for which this holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#watchers.add(resolve);
      await promise;
      this.#watchers.delete(resolve);
    }
  }

  countOf(command: number): number {
    return this.received.filter((message) => message.command === command).length;
  }

  /** Keeps the value, and tells every monitor. */
  post(name: string, value: EncodableValue): void {
    const pv = this.script.pvs[name];
    if (pv === undefined) throw new Error(`no PV '${name}'`);
    pv.value = value;
    for (const circuit of this.circuits) {
      for (const [id, monitor] of circuit.monitors) {
        if (monitor.name === name)
          this.#reply(circuit, COMMAND.EVENT_ADD, { type: monitor.type, p2: id, count: 0 }, pv);
      }
    }
  }

  sendDatagram(bytes: Buffer, port: number): void {
    this.#udp.send(bytes, port, '127.0.0.1');
  }

  dropCircuits(): void {
    for (const { socket } of this.circuits) socket.destroy();
    this.circuits.clear();
  }

  async close(): Promise<void> {
    this.dropCircuits();
    this.#udp.close();
    this.#tcp.close();
    await Promise.all([once(this.#udp, 'close'), once(this.#tcp, 'close')]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #searched(datagram: Buffer, port: number, address: string): void {
    const searches = parseDatagram(datagram).filter(({ command }) => command === COMMAND.SEARCH);
    this.searches.push(...searches.map(({ payload }) => decodeText(payload)));
    this.#wake();
    if (!this.answersSearches || this.isFrozen) return;
    const replies = searches.flatMap((search) => this.#searchReply(search));
    if (replies.length > 0) this.#udp.send(Buffer.concat(replies), port, address);
  }

  #searchReply({ payload, p2: cid }: CaMessage): Buffer[] {
    if (!(decodeText(payload) in this.script.pvs)) return [];
    const address = this.script.searchReplyAddress ?? ADDRESS_OF_SENDER;
    return encodeMessage(
      { command: COMMAND.SEARCH, type: this.tcpPort, p1: address, p2: cid },
      Buffer.from([0, MINOR_VERSION, 0, 0, 0, 0, 0, 0]),
    );
  }

  #accept(socket: Socket): void {
    const circuit = new ServerCircuit(socket);
    const parser = new MessageParser(1 << 28);
    this.circuits.add(circuit);
    circuit.send({ command: COMMAND.VERSION, count: MINOR_VERSION });
    socket.on('data', (chunk) => {
      for (const message of parser.push(chunk)) this.#receive(message, circuit);
      this.#wake();
    });
    socket.on('error', () => undefined); // a client that goes away is what many tests are about
    socket.on('close', () => {
      this.circuits.delete(circuit);
      this.#wake();
    });
  }

  #receive(message: CaMessage, circuit: ServerCircuit): void {
    this.received.push(message);
    if (this.isFrozen || this.script.intercept?.(message, circuit) === true) return;
    const { command, p1, p2 } = message;
    const channel = circuit.channels.get(p1);
    const pv = channel && this.script.pvs[channel.name];
    if (command === COMMAND.CREATE_CHAN) this.#create(message, circuit);
    else if (command === COMMAND.ECHO) circuit.send({ command });
    else if (command === COMMAND.SEARCH) circuit.socket.write(Buffer.concat(this.#searchReply(message)));
    else if (command === COMMAND.EVENT_CANCEL) circuit.monitors.delete(p2);
    else if (pv === undefined) return;
    else if (command === COMMAND.READ_NOTIFY) this.#reply(circuit, command, message, pv);
    else if (command === COMMAND.EVENT_ADD) {
      circuit.monitors.set(p2, { name: channel?.name ?? '', type: message.type });
      this.#reply(circuit, command, message, pv);
    } else if (command === COMMAND.WRITE || command === COMMAND.WRITE_NOTIFY) {
      pv.value = decodeDbr(message).value;
      if (command === COMMAND.WRITE_NOTIFY) circuit.send({ ...message, p1: ECA.NORMAL });
    }
  }

  #create({ payload, p1: cid }: CaMessage, circuit: ServerCircuit): void {
    const name = decodeText(payload);
    const pv = this.script.pvs[name];
    if (pv === undefined) return circuit.send({ command: COMMAND.CREATE_CH_FAIL, p1: cid });
    const sid = circuit.channels.size + 1000;
    circuit.channels.set(sid, { name, cid });
    circuit.send({ command: COMMAND.ACCESS_RIGHTS, p1: cid, p2: 3 });
    circuit.send({ command: COMMAND.CREATE_CHAN, type: pv.type, count: pv.count, p1: cid, p2: sid });
  }

  #reply(
    circuit: ServerCircuit,
    command: number,
    { type, p2 }: Pick<CaMessage, 'type' | 'p2' | 'count'>,
    { value, metadata }: ScriptedPv,
  ): void {
    const isText = type % 7 === DBR.STRING && typeof value === 'number';
    const { payload, count } = encodeDbr(type, isText ? String(value) : value, metadata);
    circuit.send({ command, type, count, p1: ECA.NORMAL, p2 }, payload);
  }

  #wake(): void {
    for (const wake of this.#watchers) wake();
  }
}

/** `await using server = await startServer({ X: aDouble(5) })` */
export const startServer = (
  pvs: Record<string, ScriptedPv>,
  script: Omit<Script, 'pvs'> = {},
): Promise<ScriptedServer> => new ScriptedServer({ pvs, ...script }).start();

export const aDouble = (value = 7.25): ScriptedPv => ({ type: DBR.DOUBLE, count: 1, value });
