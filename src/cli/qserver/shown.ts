import { parseView } from '../../lib/raw-json.ts';
import { isDict } from '../../lib/python-text/py-value.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { printed } from '../../lib/python-text/shortened.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';

/** What is printed of an exchange with the manager, in the forms that scripts read, and what it means for the exit code. */
export interface Shown {
  readonly text: string;
  readonly exitCode: ExitCode;
}

export function shownReply(reply: string, at: Date): Shown {
  const value = parseView(reply) as PyJson;
  const isRefused = isDict(value) && value['success'] === false;
  return {
    text: `${clock(at)} - MESSAGE: \n${printed(value)}`,
    exitCode: isRefused ? EXIT_CODES.requestFailed : EXIT_CODES.success,
  };
}

export const shownSilence = (at: Date): Shown => ({
  text: `${clock(at)} - ERROR: ZMQ communication error: timeout occurred`,
  exitCode: EXIT_CODES.communicationError,
});

const clock = (at: Date): string => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
const two = (value: number): string => String(value).padStart(2, '0');
