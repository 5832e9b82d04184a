import { COMMANDS } from './commands.ts';
import type { QserverCommand } from './commands.ts';
import { declaredMethod } from './declared.ts';
import { EXIT_CODE_MEANINGS } from './exit-codes.ts';

/** What the words in angle brackets stand for. */
export const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '<plan>': `a Python dictionary: "{'name': 'count', 'args': [['det1']], 'kwargs': {'num': 10}}"`,
  '<function>': `the same: "{'name': 'function_sleep', 'args': [20]}"`,
  '<instruction>': 'queue-stop, which stops the queue when its turn comes',
  '<place>': 'front, back, an index, or before or after and a UID; a negative index counts from the back',
  '<item>': 'front, back, an index or a UID; the item at the back if left out',
  '<name> <value>': 'loop or ignore_failures, and True or False',
};

const COLUMN = 62;

/** The whole grammar, for `beamgate qserver --help`. */
export function help(): string {
  const commands = COMMANDS.map((command) => `  ${typedAs(command).padEnd(COLUMN)} ${meaning(command)}`);
  const placeholders = Object.entries(PLACEHOLDERS).map(([name, text]) => `  ${name.padEnd(16)} ${text}`);
  const codes = Object.entries(EXIT_CODE_MEANINGS).map(([code, text]) => `  ${code}  ${text}`);
  return `\nCommands:\n${commands.join('\n')}\n\nWhere\n${placeholders.join('\n')}\n\nExit codes:\n${codes.join('\n')}`;
}

export const typedAs = ({ words, takes }: QserverCommand): string => `${words} ${takes}`.trim();

export function meaning({ words, method }: QserverCommand): string {
  if (words === 'monitor') return 'Asks every second, until Ctrl-C.';
  return declaredMethod(method).summary;
}
