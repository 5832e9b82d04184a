import { parseDocument } from 'yaml';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { CommandRefused } from './words.ts';

/** What a file of user group permissions says; whether it is a sound one is for the manager to judge. */
export function permissions(text: string): PyValue {
  const document = parseDocument(text, { version: '1.1', merge: true, uniqueKeys: false });
  const [fault] = document.errors;
  if (fault) throw new CommandRefused(`The user group permissions are not YAML: ${fault.message}`, { cause: fault });
  return document.toJS() as PyValue; // YAML's values without tags are JSON's
}
