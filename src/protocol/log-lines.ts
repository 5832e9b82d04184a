/**
 * Log texts that clients read: Finch refreshes its tables when a console line begins with one of these, after the
 * leading bracket. Their wording is API, as is the form of a line.
 */
export const LOG_LINES = {
  starting: 'Starting ZMQ server at',
  queueProcessing: 'Starting queue processing ...',
  nextItem: 'Processing the next queue item: ',
  startingPlan: 'Starting the plan',
  itemAdded: 'Item added: success=',
  clearingQueue: 'Clearing the queue ...',
  queueEmpty: 'Queue is empty',
  planFailed: 'The plan failed: ',
  removingItem: 'Removing item from the queue ...',
  environmentReady: 'RE Environment is ready',
  environmentClosed: 'RE Environment is closed',
} as const;

const LEVELS = { debug: 'D', info: 'I', warning: 'W', error: 'E' } as const;
export type LogLevel = keyof typeof LEVELS;

/** `[I 2024-01-31 12:00:00,123 bluesky_queueserver.manager.manager] message` in local time, as the original's. */
export function logLine(level: LogLevel, logger: string, message: string, at: Date = new Date()): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())},${String(at.getMilliseconds()).padStart(3, '0')}`;
  return `[${LEVELS[level]} ${date} ${time} ${logger}] ${message}`;
}
