import type { Socket } from 'node:net';
import { LineSplitter } from '../../lib/lines.ts';
import { MAX_LINE_BYTES } from '../../protocol/worker/link.ts';
import { RPC_ERRORS } from './refusal.ts';

/** While more than this waits for the peer, what may be held back is held back. */
const BEHIND_BYTES = 256 * 1024;

export interface RpcRequest {
  readonly id: number | string;
  readonly method: string;
  readonly params: unknown;
  /** Which request of a gateway this one serves. */
  readonly trace?: string;
}

interface Listener {
  request(request: RpcRequest): void;
  /** The peer has caught up: what was held back may follow. */
  ready(): void;
  ended(): void;
}

/**
 * One socket. Lines that are written in one turn of the event loop go out in one piece, so that an outcome costs one
 * system call; the order of writing is the order on the wire. A line that is not a request ends it, after the error.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #listener: Listener;
  readonly #lines = new LineSplitter(MAX_LINE_BYTES);
  #outgoing: string[] = [];
  #isEnding = false;

  constructor(socket: Socket, listener: Listener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on('data', (chunk) => this.#received(chunk));
    socket.on('drain', () => listener.ready());
    socket.on('error', () => undefined); // 'close' follows, and tells
    socket.on('close', () => listener.ended());
  }

  get isBehind(): boolean {
    return this.#socket.writableLength > BEHIND_BYTES;
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  answer(id: RpcRequest['id'], result: unknown): void {
    this.#send({ id, result });
  }

  refuse(id: RpcRequest['id'] | null, { code, message }: { code: number; message: string }): void {
    this.#send({ id, error: { code, message } });
  }

  /** What was written still goes out. */
  end(): void {
    this.#isEnding = true;
    this.#flush();
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #received(chunk: Buffer): void {
    if (this.#isEnding) return;
    try {
      for (const line of this.#lines.push(chunk)) {
        if (this.#isEnding) return;
        this.#listener.request(requestIn(line));
      }
    } catch (error) {
      const code = error instanceof SyntaxError ? RPC_ERRORS.PARSE_ERROR : RPC_ERRORS.INVALID_REQUEST;
      this.refuse(null, { code, message: (error as Error).message });
      this.end();
    }
  }

  #send(message: object): void {
    if (this.#outgoing.push(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`) > 1) return;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const text = this.#outgoing.join('');
    this.#outgoing = [];
    if (text !== '' && this.#socket.writable) this.#socket.write(text);
  }
}

/** @throws SyntaxError when the line is not JSON, TypeError when it is not a request */
function requestIn(line: string): RpcRequest {
  const message = JSON.parse(line) as Partial<RpcRequest> | null;
  const { id, method, params = {}, trace } = message ?? {};
  if (typeof method !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) {
    throw new TypeError(`A line must be a JSON-RPC request with an id, received ${line.slice(0, 80)}`);
  }
  return { id, method, params, ...(typeof trace === 'string' && { trace }) };
}
