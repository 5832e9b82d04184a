import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { COMMAND, MINOR_VERSION } from '../../epics/ca/codec/commands.ts';
import { encodeMessage } from '../../epics/ca/codec/message.ts';
import { parseDatagram } from '../../epics/ca/codec/parser.ts';
import { searchReply } from './search-reply.ts';
import type { Served } from './served.ts';

/** As an IOC answers, also to a client that has sent no sequence number. */
const SEQUENCE_IS_VALID = 1;

/** Answers searches by UDP. Junk is not answered, and ends nothing. */
export class SearchResponder {
  readonly #socket: Socket;
  readonly #served: Served;

  private constructor(socket: Socket, served: Served) {
    this.#socket = socket;
    this.#served = served;
    socket.on('message', (datagram, { address, port }) => this.#answer(datagram, address, port));
    socket.on('error', () => undefined); // an answer that could not be sent: the client searches again
  }

  static async open(host: string, port: number, served: Served): Promise<SearchResponder> {
    const socket = createSocket('udp4');
    socket.bind(port, host);
    await once(socket, 'listening');
    return new SearchResponder(socket, served);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }

  #answer(datagram: Buffer, address: string, port: number): void {
    const messages = parseDatagram(datagram);
    const replies = messages
      .filter(({ command }) => command === COMMAND.SEARCH)
      .map((message) => searchReply(message, this.#served))
      .filter((reply) => reply !== null);
    if (replies.length === 0) return;
    const [first] = messages;
    // The version comes back with the client's own sequence number, by which it tells old answers from new ones.
    const sequence = first?.command === COMMAND.VERSION ? first.p1 : 0;
    const version = encodeMessage({
      command: COMMAND.VERSION,
      type: SEQUENCE_IS_VALID,
      count: MINOR_VERSION,
      p1: sequence,
    });
    this.#socket.send(Buffer.concat([...version, ...replies.flat()]), port, address);
  }
}
