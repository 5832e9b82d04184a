import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type CaHeader, type CaMessage, encodeMessage } from '../../../src/epics/ca/codec/message.ts';
import { MessageParser } from '../../../src/epics/ca/codec/parser.ts';
import { Collected } from './clients.ts';

/** A circuit as its bytes: says what our client never would, and shows what came back, in order. */
export class RawCircuit implements Disposable {
  readonly socket: Socket;
  readonly #heard = new Collected<CaMessage>();
  readonly #ended = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    const parser = new MessageParser(1 << 28);
    socket.on('data', (chunk) => parser.push(chunk).forEach(this.#heard.add));
    socket.on('error', () => undefined); // the server ends circuits: many tests are about that
    socket.on('close', () => this.#ended.resolve());
  }

  static async to(ioc: { host: string; tcpPort: number }): Promise<RawCircuit> {
    const socket = connect(ioc.tcpPort, ioc.host);
    const circuit = new RawCircuit(socket);
    await once(socket, 'connect');
    return circuit;
  }

  get heard(): readonly CaMessage[] {
    return this.#heard.all;
  }

  /** Resolves when the server has ended it. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  send(header: Partial<CaHeader> & Pick<CaHeader, 'command'>, payload?: Buffer): void {
    this.socket.write(Buffer.concat(encodeMessage(header, payload)));
  }

  /** All that came, once that is at least so much. */
  untilHeard(count: number): Promise<readonly CaMessage[]> {
    return this.#heard.take(count);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
