import { listText, repr, str } from '../../lib/python-text/repr.ts';
import { isDict } from '../../lib/python-text/py-value.ts';
import type { Decision } from './decision.ts';
import type { QueueMode } from './queue-interface.ts';
import { asPython, classOf, refused } from './refusal.ts';

/**
 * `loop`: what has run well goes to the back again. `ignore_failures`: a plan that fails does not stop the queue, and
 * is not put back; stop, abort and halt do stop it.
 */
const DEFAULT_MODE: QueueMode = { loop: false, ignore_failures: false };

const NAMES = Object.keys(DEFAULT_MODE);

export function setMode(before: QueueMode, asked: unknown): Decision<void> {
  const mode = changedMode(before, asked);
  return {
    changes: [{ type: 'set', name: 'mode', text: JSON.stringify(mode) }],
    events: [{ kind: 'mode_changed', detail: { ...mode } }],
    tells: ['mode'],
    answer: undefined,
  };
}

/** What a client asks for, on top of what holds. */
function changedMode(mode: QueueMode, asked: unknown): QueueMode {
  if (asked === 'default') return DEFAULT_MODE;
  const wanted = asPython(asked);
  if (!isDict(wanted)) {
    throw refused(
      `Queue mode is passed using object of unsupported type '${classOf(wanted)}': (${str(wanted)}). ` +
        `Supported types: ('dict', 'str'), supported string value: 'default'`,
    );
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (!NAMES.includes(name)) {
      throw refused(`Unsupported plan queue mode parameter ${repr(name)}: supported parameters ${listText(NAMES)}`);
    }
    if (typeof value !== 'boolean') {
      const type = "<class 'bool'>";
      throw refused(`Unsupported type '${classOf(value)}' of the parameter '${name}': expected type '${type}'`);
    }
  }
  return { ...mode, ...(wanted as Partial<QueueMode>) };
}

/** What the store has; a text that an older or another manager garbled counts as none. */
export function storedMode(text: string | null): QueueMode {
  try {
    return changedMode(DEFAULT_MODE, JSON.parse(text ?? '{}'));
  } catch {
    return DEFAULT_MODE; // The queue is worth more than how it was to be run; both are off by default.
  }
}
