import type { Msg, Plan } from '../../run-engine/messages.ts';
import { msgMutator } from './mutators.ts';

/** Tells, line by line, what `plan` moves and reads while it runs. */
export function printSummaryWrapper<R>(plan: Plan<R>, print: (line: string) => void): Plan<R> {
  let read: string[] = [];
  const lines: Record<string, (message: Msg) => string | null> = {
    open_run: () => centred(' Open Run '),
    close_run: () => centred(' Close Run '),
    set: ({ obj, args }) => `${nameOf(obj)} -> ${String(args[0])}`,
    create: () => {
      read = [];
      return null;
    },
    read: ({ obj }) => {
      read.push(nameOf(obj));
      return null;
    },
    save: () => `  Read [${read.map((name) => `'${name}'`).join(', ')}]`,
  };
  return msgMutator(plan, (message) => {
    const line = lines[message.command]?.(message);
    if (typeof line === 'string') print(line);
    return message;
  });
}

const WIDTH = 80;
const centred = (text: string): string => text.padStart((WIDTH + text.length) / 2, '=').padEnd(WIDTH, '=');

const nameOf = (object: unknown): string => (object as { name: string }).name;
