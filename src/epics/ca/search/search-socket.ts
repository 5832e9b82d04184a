import { createSocket, type Socket } from 'node:dgram';
import { version, registerWithRepeater } from '../client-messages.ts';
import { COMMAND } from '../codec/commands.ts';
import type { CaMessage } from '../codec/message.ts';
import { parseDatagram } from '../codec/parser.ts';
import type { Address } from './addresses.ts';

const REPEATER_RETRY_MS = 1000;
const REPEATER_TRIES = 20;

interface SearchSocketParts {
  /** `null`: beacons are not wanted. */
  readonly repeaterPort: number | null;
  readonly onReply: (message: CaMessage, from: string) => void;
  readonly onBeacon: (message: CaMessage, from: string) => void;
  readonly onTrouble: (problem: string) => void;
}

/** The one UDP socket of a context: searches go out, replies and (by way of the machine's repeater) beacons come in. */
export class SearchSocket {
  readonly #parts: SearchSocketParts;
  readonly #socket: Socket;
  #targets: readonly Address[] = [];
  #isOpen = false;
  #isClosed = false;
  #registration: NodeJS.Timeout | undefined;

  constructor(parts: SearchSocketParts) {
    this.#parts = parts;
    this.#socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    this.#socket.on('message', (datagram, { address }) => this.#received(datagram, address));
  }

  /** Also ends when the socket is closed meanwhile. @throws Error from the operating system when no port can be had */
  async open(): Promise<void> {
    if (this.#isClosed) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.once('error', reject);
    this.#socket.once('close', resolve);
    this.#socket.bind(0, resolve);
    await promise;
    if (this.#isClosed) return;
    this.#socket.off('error', reject);
    this.#socket.on('error', (error) => this.#parts.onTrouble(`search socket: ${error.message}`));
    this.#socket.setBroadcast(true);
    this.#isOpen = true;
    this.#register(1);
  }

  /** From now on searches go to these. */
  aimAt(targets: readonly Address[]): void {
    this.#targets = targets;
  }

  send(batch: readonly Buffer[]): void {
    if (!this.#isOpen) return;
    const datagram = Buffer.concat([version(), ...batch]);
    for (const { host, port } of this.#targets) {
      this.#socket.send(datagram, port, host, (error) => {
        // An unplugged network is normal here: the search comes again.
        if (error !== null) this.#parts.onTrouble(`search to ${host}:${port}: ${error.message}`);
      });
    }
  }

  close(): void {
    clearTimeout(this.#registration);
    this.#isOpen = false;
    this.#isClosed = true;
    this.#socket.close();
  }

  #received(datagram: Buffer, from: string): void {
    for (const message of parseDatagram(datagram)) {
      if (message.command === COMMAND.SEARCH) this.#parts.onReply(message, from);
      else if (message.command === COMMAND.RSRV_IS_UP) this.#parts.onBeacon(message, from);
      else if (message.command === COMMAND.REPEATER_CONFIRM) clearTimeout(this.#registration);
    }
  }

  /** Once a second until the repeater confirms; a machine without one has no beacons, and that is all. */
  #register(attempt: number): void {
    const { repeaterPort } = this.#parts;
    if (repeaterPort === null || attempt > REPEATER_TRIES) return;
    this.#socket.send(registerWithRepeater(), repeaterPort, '127.0.0.1', () => undefined);
    this.#registration = setTimeout(() => this.#register(attempt + 1), REPEATER_RETRY_MS);
  }
}
