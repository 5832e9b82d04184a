import { setTimeout as wait } from 'node:timers/promises';
import { defineFunction } from '../define-function.ts';
import { anyValue, seconds } from '../parameters.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const buffer: unknown[] = [];

export const function_sleep = defineFunction(
  { name: 'function_sleep', parameters: { time: seconds('how long') } },
  async ({ time }) => {
    say("******** Starting execution of the function 'function_sleep' **************");
    say(`*******************   Waiting for ${time} seconds **************************`);
    await wait(time * 1000);
    say("******** Finished execution of the function 'function_sleep' **************");
    return { success: true, time };
  },
);

/** At the end of a buffer. */
export const push_buffer_element = defineFunction(
  { name: 'push_buffer_element', parameters: { element: anyValue('what is put there') } },
  ({ element }) => {
    say("******** Executing the function 'push_buffer_element' **************");
    buffer.push(element);
  },
);

/** Takes the first element of the buffer. @throws RangeError when it is empty */
export function pop_buffer_element(): unknown {
  say("******** Executing the function 'pop_buffer_element' **************");
  if (buffer.length === 0) throw new RangeError('pop from empty list');
  return buffer.shift();
}

export function clear_buffer(): void {
  say("******** Executing the function 'clear_buffer' **************");
  buffer.length = 0;
}
