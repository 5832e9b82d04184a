/** How `qserver` and the tools beside it end, for scripts. */
export const EXIT_CODES = {
  success: 0,
  parameterError: 1,
  requestFailed: 2,
  communicationError: 3,
  exceptionOccurred: 4,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'what was typed is no command; nothing was sent',
  2: 'the manager refused, or the options are none',
  3: 'no reply came',
  4: 'anything else',
};
