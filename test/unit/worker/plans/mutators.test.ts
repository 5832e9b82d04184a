import { expect, test } from 'vitest';
import { nothing } from '../../../../src/worker/plans/stubs/control.ts';
import { msgMutator, planMutator } from '../../../../src/worker/plans/wrappers/mutators.ts';
import { msg } from '../../../../src/worker/run-engine/messages.ts';
import type { Msg, Plan } from '../../../../src/worker/run-engine/messages.ts';
import { failingAt, played } from './played.ts';

test('an inserted plan may yield the message that it stands for, and its answer goes to the plan', () => {
  function* asks(): Plan {
    return yield msg('ask');
  }
  function* before(message: Msg): Plan {
    yield msg('before');
    return yield message;
  }
  const mutated = planMutator(asks(), (message) =>
    message.command === 'ask' ? { instead: before(message), after: nothing() } : null,
  );
  const { messages, result } = played(mutated, ({ command }) => `answer to ${command}`);
  expect(messages.map(({ command }) => command)).toEqual(['before', 'ask', 'null']);
  expect(result).toBe('answer to ask');
});

test('an error in an inserted plan reaches the plan that it was inserted into', () => {
  function* forgiving(): Plan {
    try {
      return yield msg('ask');
    } catch (error) {
      return (error as Error).message;
    }
  }
  const mutated = planMutator(forgiving(), ({ command }) => (command === 'ask' ? { instead: nothing() } : null));
  expect(played(mutated, failingAt('null', new Error('inside')).respond).result).toBe('inside');
});

test('a swallowed message is answered with null', () => {
  function* asks(): Plan {
    return yield msg('ask');
  }
  expect(played(msgMutator(asks(), () => null)).result).toBe(null);
});
