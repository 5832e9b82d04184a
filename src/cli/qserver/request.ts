import { jsonOf } from '../../lib/python-text/json-of-python.ts';
import { objectText } from '../../lib/raw-json.ts';
import { COMMANDS } from './commands.ts';
import { declaredMethod } from './declared.ts';
import type { AddedParam, QserverCommand, ReadParams } from './commands.ts';
import type { MethodName } from '../../protocol/methods/index.ts';
import { CommandRefused, Words } from './words.ts';

/** One request to the manager: its method, and its parameters as JSON text. */
export interface QserverRequest {
  readonly method: string;
  readonly params: string;
}

/** Who asks, as the original's command line does. */
const SIGNATURE = { user: 'qserver-cli', user_group: 'primary' };

/**
 * What was typed, as a request. User, group and lock key are added where the method's declaration has them.
 * @throws CommandRefused when it is no command; nothing is to be sent then
 */
export async function requestOf(typed: readonly string[], lockKey: string | null): Promise<QserverRequest> {
  if (lockKey === '') throw new CommandRefused("Lock key must be a non-empty string: submitted lock key is ''");
  const command = commandOf(typed);
  const words = new Words(command.words, typed.slice(command.words.split(' ').length));
  const read = await command.read(words);
  words.end();
  const added = addedTo(command.method, lockKey);
  return { method: command.method, params: paramsText({ ...read, ...added }) };
}

/** The command with most words of those that the typed ones begin with. */
function commandOf(typed: readonly string[]): QserverCommand {
  const [best] = COMMANDS.filter(({ words }) => beginsWith(typed, words)).sort(
    (a, b) => b.words.length - a.words.length,
  );
  if (best) return best;
  const related = COMMANDS.filter(({ words }) => words.split(' ')[0] === typed[0]);
  if (related.length === 0) throw new CommandRefused(`Unrecognized command '${typed[0] ?? ''}'`);
  const known = related.map(({ words }) => `'${words}'`).join(', ');
  throw new CommandRefused(`Request '${typed.join(' ')}' is not supported. Known are ${known}`);
}

const beginsWith = (typed: readonly string[], words: string): boolean =>
  words.split(' ').every((word, index) => typed[index] === word);

function addedTo(method: MethodName, lockKey: string | null): ReadParams {
  const names = declaredMethod(method).params;
  const added: Readonly<Record<AddedParam, string | undefined>> = { ...SIGNATURE, lock_key: lockKey ?? undefined };
  return Object.fromEntries(Object.entries(added).filter(([name]) => names.includes(name)));
}

function paramsText(params: ReadParams): string {
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    const text = jsonOf(value);
    if (text === undefined) throw new CommandRefused(`'${name}' holds what JSON cannot say, such as a set or bytes`);
    texts.push([name, text]);
  }
  return objectText(texts);
}
