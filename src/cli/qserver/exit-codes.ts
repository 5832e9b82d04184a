/** How `qserver` and the tools beside it end, for scripts. */
export const EXIT_CODES = {
  success: 0,
  /** What was typed is no command; nothing was sent. */
  parameterError: 1,
  /** The manager refused. */
  requestFailed: 2,
  /** No reply came. */
  communicationError: 3,
  /** Anything else. */
  exceptionOccurred: 4,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
