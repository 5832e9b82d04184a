import { setTimeout as wait } from 'node:timers/promises';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const buffer: unknown[] = [];

/** Sleeps for a number of seconds. */
export async function function_sleep(time: number): Promise<{ success: boolean; time: number }> {
  say("******** Starting execution of the function 'function_sleep' **************");
  say(`*******************   Waiting for ${time} seconds **************************`);
  await wait(time * 1000);
  say("******** Finished execution of the function 'function_sleep' **************");
  return { success: true, time };
}

/** Puts an element at the end of a buffer. */
export function push_buffer_element(element: unknown): void {
  say("******** Executing the function 'push_buffer_element' **************");
  buffer.push(element);
}

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
