import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Frame {
  time: number;
  msg: unknown;
}

/** A WebSocket client that keeps what it is told. */
export class ClientSocket {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  #arrived: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (text: Buffer) => {
      this.frames.push(JSON.parse(text.toString()) as Frame);
      this.#arrived();
    });
    socket.on('error', () => undefined);
  }

  /** Rejects when the upgrade is refused. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<ClientSocket> {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers });
    const client = new ClientSocket(socket);
    await once(socket, 'open');
    return client;
  }

  /** The status and body by which an upgrade is refused. */
  static refusal(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers });
    socket.on('error', () => undefined);
    return new Promise((resolve, reject) => {
      socket.once('open', () => reject(new Error('the upgrade was not refused')));
      socket.once('unexpected-response', (_request, response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => void chunks.push(chunk));
        response.on('end', () => {
          socket.terminate();
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) as unknown });
        });
      });
    });
  }

  /** The first frame that fits, of those that came and those to come. */
  async until(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      const next = Promise.withResolvers<void>();
      this.#arrived = next.resolve;
      await next.promise;
    }
  }

  async closed(): Promise<{ code: number; reason: string }> {
    const [code, reason] = (await once(this.socket, 'close')) as [number, Buffer];
    return { code, reason: reason.toString() };
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
