import type { PyValue } from '../../lib/python-text/py-value.ts';
import { readPythonYaml } from '../../lib/python-yaml.ts';
import { CommandRefused } from './words.ts';

/** What a file of user group permissions says; whether it is a sound one is for the manager to judge. */
export function permissions(text: string): PyValue {
  const { document, faults } = readPythonYaml(text, { uniqueKeys: false });
  const [fault] = faults;
  if (fault) throw new CommandRefused(`The user group permissions are not YAML: ${fault.message}`, { cause: fault });
  return document.toJS() as PyValue; // YAML's values without tags are JSON's
}
