import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { LineSplitter } from '../lib/lines.ts';
import type { ChildReport } from './child.ts';

/** What may be asked of a running supervisor by who can read its folder: one word a line, one JSON line as answer. */
export interface ControlAnswers {
  ps(): ChildReport[];
  stop(): void;
}
export type ControlWord = keyof ControlAnswers;

const MAX_WORD_BYTES = 64;

export class ControlSocket {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(path: string, answers: ControlAnswers): Promise<ControlSocket> {
    rmSync(path, { force: true }); // the lock on the directory is ours: whoever made this file is gone
    const server = createServer();
    const control = new ControlSocket(server);
    server.on('connection', (connection) => control.#serve(connection, answers));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    chmodSync(path, 0o600);
    return control;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.end();
    await closed;
  }

  #serve(connection: Socket, answers: ControlAnswers): void {
    const lines = new LineSplitter(MAX_WORD_BYTES);
    this.#connections.add(connection);
    connection.on('close', () => this.#connections.delete(connection));
    connection.on('error', () => connection.destroy());
    connection.on('data', (chunk) => {
      try {
        for (const word of lines.push(chunk)) answer(word, connection, answers);
      } catch {
        connection.destroy(); // a line that never ends
      }
    });
  }
}

function answer(word: string, connection: Socket, answers: ControlAnswers): void {
  if (word === 'ps') connection.write(`${JSON.stringify(answers.ps())}\n`);
  else if (word === 'stop') answers.stop();
  else connection.end(`${JSON.stringify({ error: 'the words are ps and stop' })}\n`);
}

/** Asks a running supervisor; resolves with all it said until it closed, or null when none is there. */
export function askSupervisor(path: string, word: ControlWord): Promise<string | null> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    let said = '';
    connection.on('connect', () => connection.write(`${word}\n`));
    connection.on('data', (chunk) => {
      said += chunk.toString('utf8');
      if (word === 'ps') connection.end();
    });
    connection.on('error', () => resolve(null));
    connection.on('close', () => resolve(said));
  });
}
