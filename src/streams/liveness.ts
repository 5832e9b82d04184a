/** The members of a WebSocket by which it shows that its peer lives. */
export interface PingSocket {
  ping(): void;
  terminate(): void;
  on(event: 'pong' | 'close', listener: () => void): unknown;
}

const PERIOD_MS = 20_000;

/**
 * Pings every socket and ends those whose peer did not answer the last one: a client that vanished behind a dead network
 * tells nobody. One timer serves all, and runs only while there is a socket.
 */
export class Liveness {
  readonly #answered = new Map<PingSocket, boolean>();
  #timer: NodeJS.Timeout | undefined;

  watch(socket: PingSocket): void {
    this.#answered.set(socket, true);
    socket.on('pong', () => this.#answered.has(socket) && this.#answered.set(socket, true));
    socket.on('close', () => {
      this.#answered.delete(socket);
      if (this.#answered.size === 0) this.close();
    });
    this.#timer ??= setInterval(() => this.#askAll(), PERIOD_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #askAll(): void {
    for (const [socket, hasAnswered] of this.#answered) {
      if (!hasAnswered) {
        socket.terminate();
        continue;
      }
      this.#answered.set(socket, false);
      socket.ping();
    }
  }
}
