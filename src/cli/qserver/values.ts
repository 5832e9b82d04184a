import { readFileSync } from 'node:fs';
import { literal, NotALiteral } from '../../lib/python-text/literal.ts';
import { isDict } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { CommandRefused } from './words.ts';
import type { Words } from './words.ts';

export type Item = { [member: string]: PyValue };

/** A plan, typed as a Python dictionary: read as a literal, never evaluated. `members` join what was typed. */
export const plan = (words: Words, members: Item = {}): Item => ({
  ...dictionary(words.take('a plan'), 'plan'),
  ...members,
  item_type: 'plan',
});

/** The same for a function. */
export const functionCall = (words: Words): Item => ({
  ...dictionary(words.take('a function'), 'function'),
  item_type: 'function',
});

function dictionary(text: string, type: string): Item {
  let value;
  try {
    value = literal(text);
  } catch (error) {
    if (!(error instanceof NotALiteral)) throw error;
    const why = `Error occurred while parsing the plan '${text}': ${error.message}`;
    throw new CommandRefused(why, { cause: error });
  }
  if (isDict(value)) return value;
  throw new CommandRefused(`A ${type} must be a dictionary whose keys are strings, received '${text}'`);
}

const INSTRUCTIONS = { 'queue-stop': 'queue_stop' } as const;

export function instruction(words: Words, members: Item = {}): Item {
  const word = words.take('an instruction');
  if (word !== 'queue-stop') throw new CommandRefused(`Unsupported instruction type: ${word}`);
  return { name: INSTRUCTIONS[word], ...members, item_type: 'instruction' };
}

/** Pairs of a name and a value. What is no literal is a string: the manager judges it. */
export function mode(words: Words): Item {
  const given: [string, PyValue][] = [];
  while (!words.isAtEnd) {
    const name = words.take('a name');
    given.push([name, literalOrText(words.take(`a value of '${name}'`))]);
  }
  return Object.fromEntries(given);
}

function literalOrText(word: string): PyValue {
  try {
    return literal(word);
  } catch (error) {
    if (error instanceof NotALiteral) return word;
    throw error;
  }
}

/** The text of the file that the next word names. @throws CommandRefused */
export function fileText(words: Words, what: string): string {
  const path = words.take(`the file with ${what}`);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as Error).message;
    throw new CommandRefused(`failed to read ${what} from file '${path}': ${reason}`, { cause: error });
  }
}
