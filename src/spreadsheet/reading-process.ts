import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { codeFile } from '../config/code.ts';
import { LIMITS } from './limits.ts';
import type { ReaderAnswer, ReaderRequest } from './messages.ts';

/** An idle process holds memory that the next upload may never want. */
const IDLE_MS = 5 * 60_000;

/**
 * One process that reads files, one at a time. It is started for the first file and stays for the next, since starting takes
 * longer than reading; it is ended when a file takes too long, and after some idle minutes. When a file takes more memory than
 * it may, the process dies of it, and nobody else: a thread that runs out of heap can take the whole gateway along.
 */
export class ReadingProcess {
  readonly #customModules: readonly string[];
  readonly #deadlineMs: number;
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(customModules: readonly string[], deadlineMs = LIMITS.seconds * 1000) {
    this.#customModules = customModules;
    this.#deadlineMs = deadlineMs;
  }

  async ask(request: ReaderRequest): Promise<ReaderAnswer> {
    clearTimeout(this.#idle);
    const child = (this.#child ??= this.#started());
    setHold(child, true);
    const answer = await this.#answered(child, request);
    setHold(child, false);
    this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
    return answer;
  }

  close(): void {
    clearTimeout(this.#idle);
    const child = this.#child;
    this.#child = undefined;
    child?.kill('SIGKILL');
  }

  #started(): ChildProcess {
    const child = fork(codeFile('src/spreadsheet/main'), this.#customModules, {
      execArgv: [...process.execArgv, `--max-old-space-size=${LIMITS.heapMegabytes}`],
      serialization: 'advanced',
      // The library that reads workbooks remarks upon them on the console.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // What reads strangers' files knows no secret.
      env: {},
    });
    const gone = () => {
      if (this.#child === child) this.#child = undefined;
    };
    child.once('error', gone).once('exit', gone);
    return child;
  }

  #answered(child: ChildProcess, request: ReaderRequest): Promise<ReaderAnswer> {
    const { promise, resolve } = Promise.withResolvers<ReaderAnswer>();
    const deadline = setTimeout(() => {
      resolve(tooLarge(`The file was not read within ${this.#deadlineMs / 1000} s`));
      this.close();
    }, this.#deadlineMs);
    const failed = (error: Error | null) => {
      if (error !== null) resolve({ type: 'failed', stack: error.stack ?? error.message });
    };
    // V8 ends a process that is out of heap by SIGABRT; the kernel ends one that is out of memory by SIGKILL.
    const ended = (code: number | null, signal: NodeJS.Signals | null) =>
      resolve(
        signal === 'SIGABRT' || signal === 'SIGKILL'
          ? tooLarge(`Reading the file takes more than ${LIMITS.heapMegabytes} MB of memory`)
          : { type: 'failed', stack: `the reading process ended with ${signal ?? code}` },
      );
    child.once('message', resolve).once('error', failed).once('exit', ended);
    child.send(request, failed);
    return promise.finally(() => {
      clearTimeout(deadline);
      child.off('message', resolve).off('error', failed).off('exit', ended);
    });
  }
}

/** An idle one does not keep the gateway from ending. */
function setHold(child: ChildProcess, isHeld: boolean): void {
  const hold = isHeld ? 'ref' : 'unref';
  child[hold]();
  child.channel?.[hold]();
}

const tooLarge = (msg: string): ReaderAnswer => ({ type: 'refused', kind: 'too-large', msg });
