import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

/** Startup code that cannot be used: the message names file, line and what is wrong there. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  /** The whole story, for the log and for whoever mends it. */
  readonly traceback: string;

  constructor(message: string, traceback: string, options?: ErrorOptions) {
    super(message, options);
    this.traceback = traceback;
  }
}

/** `startup.ts:12: motorx is not defined`, from whatever a module threw. `file` is where it was loaded from. */
export function startupError(thrown: unknown, file: string): StartupError {
  const cause = thrown instanceof Error ? thrown : new Error(inspect(thrown));
  const place = placeIn(cause.stack ?? '', file);
  return new StartupError(`${place}: ${cause.message}`, inspect(cause), { cause });
}

/**
 * The first place in the user's code: a syntax error's stack begins with it, another one's has it in its frames, behind
 * frames of ours and of Node.
 */
function placeIn(stack: string, file: string): string {
  const places = stack.matchAll(/(file:\/\/[^\s():]+|\/[^\s():]+\.[mc]?[jt]s):(\d+)/g);
  for (const [, where = '', line] of places) {
    const path = where.startsWith('file:') ? fileURLToPath(where) : where;
    if (!isOurs(path)) return `${basename(path)}:${line}`;
  }
  return basename(file);
}

const OWN_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));
const isOurs = (path: string): boolean =>
  path.startsWith(`${OWN_FOLDER}src/`) || path.startsWith(`${OWN_FOLDER}dist/src/`);
