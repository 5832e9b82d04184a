import type { Msg, Plan } from '../../../../src/worker/run-engine/messages.ts';

/** Runs a plan without an engine: its messages, with what it was told in return, and its result. */
export function played<R>(plan: Plan<R>, respond: (message: Msg) => unknown = () => undefined) {
  const messages: Msg[] = [];
  let step = plan.next();
  while (!step.done) {
    messages.push(step.value);
    let response: unknown;
    try {
      response = respond(step.value);
    } catch (error) {
      step = plan.throw(error);
      continue;
    }
    step = plan.next(response);
  }
  return { messages, result: step.value };
}

/** `set m1 [1] {group:A}`: one line a message; made-up group names are numbered in the order of their appearance. */
export function lines(plan: Plan, respond?: (message: Msg) => unknown): string[] {
  const groups = new Map<string, string>();
  const numbered = (text: string): string =>
    text.replaceAll(/([a-z-]+-[0-9a-f]{6}|[0-9a-f]{8}-[0-9a-f-]{27})(?=")/g, (name) => {
      if (!groups.has(name)) groups.set(name, `#${groups.size + 1}`);
      return groups.get(name) ?? name;
    });
  return played(plan, respond).messages.map(({ command, obj, args, kwargs, run }) =>
    [
      command,
      named(obj),
      JSON.stringify(args, named_),
      numbered(JSON.stringify(kwargs, named_)),
      typeof run === 'string' ? run : '',
    ]
      .filter((part) => part !== '' && part !== '[]' && part !== '{}')
      .join(' '),
  );
}

const named = (value: unknown): string => (value as { name?: string } | null)?.name ?? '';
const named_ = (_key: string, value: unknown): unknown => {
  if (typeof value === 'function') return `<${value.name}>`;
  return typeof value === 'object' && value !== null && 'name' in value && 'parent' in value ? named(value) : value;
};

/** Answers until a command that fails with `error`, and notes the commands. */
export const failingAt = (command: string, error: unknown) => {
  const commands: string[] = [];
  const respond = (message: Msg): void => {
    commands.push(message.command);
    if (message.command === command) throw error;
  };
  return { commands, respond };
};
