import { createSocket } from 'node:dgram';
import { COMMAND, MINOR_VERSION } from '../../epics/ca/codec/commands.ts';
import { encodeMessage } from '../../epics/ca/codec/message.ts';

const FIRST_MS = 20;
const LONGEST_MS = 15_000;

/** Says that this server is there: often at first, then every 15 s, numbered. */
export class Beacons {
  readonly #socket = createSocket('udp4');
  readonly #host: string;
  readonly #port: number;
  readonly #tcpPort: number;
  #number = 0;
  #periodMs = FIRST_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: string, port: number, tcpPort: number) {
    this.#host = host;
    this.#port = port;
    this.#tcpPort = tcpPort;
    this.#socket.on('error', () => undefined); // nobody listens there: beacons are a courtesy
    this.#socket.unref();
    this.#next();
  }

  /** One out of turn, as a fault: with this number instead of the next one. */
  send(number = this.#number++): void {
    const address = this.#host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const header = { command: COMMAND.RSRV_IS_UP, type: MINOR_VERSION, count: this.#tcpPort, p1: number, p2: address };
    this.#socket.send(Buffer.concat(encodeMessage(header)), this.#port, this.#host, () => undefined);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#socket.close();
  }

  #next(): void {
    this.send();
    this.#timer = setTimeout(() => this.#next(), this.#periodMs).unref();
    this.#periodMs = Math.min(this.#periodMs * 2, LONGEST_MS);
  }
}
