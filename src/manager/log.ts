import { logLine } from '../protocol/log-lines.ts';
import type { LogLevel } from '../protocol/log-lines.ts';

export const MANAGER_LOGGER = 'bluesky_queueserver.manager.manager';
const ORDER: readonly LogLevel[] = ['error', 'warning', 'info', 'debug'];

/** What the manager tells people: each line goes to all outlets that take its level. */
export class Log {
  readonly #verbosity: number;
  readonly #write: (line: string, level: LogLevel) => void;

  constructor(verbosity: LogLevel, write: (line: string, level: LogLevel) => void) {
    this.#verbosity = ORDER.indexOf(verbosity);
    this.#write = write;
  }

  error(message: string): void {
    this.#log('error', message);
  }
  warning(message: string): void {
    this.#log('warning', message);
  }
  info(message: string): void {
    this.#log('info', message);
  }
  debug(message: string): void {
    this.#log('debug', message);
  }
  /** So that a costly text is made for a reader only. */
  shows(level: LogLevel): boolean {
    return ORDER.indexOf(level) <= this.#verbosity;
  }

  /** Something that no caller waits for went wrong: a fault of ours. */
  fault(error: unknown): void {
    this.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  #log(level: LogLevel, message: string): void {
    if (this.shows(level)) this.#write(`${logLine(level, MANAGER_LOGGER, message)}\n`, level);
  }
}
