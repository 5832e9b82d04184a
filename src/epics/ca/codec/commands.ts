/**
 * The words of Channel Access: command numbers, protocol version and ports.
 * @see https://docs.epics-controls.org/en/latest/internal/ca_protocol.html
 */
export const COMMAND = {
  VERSION: 0,
  EVENT_ADD: 1,
  EVENT_CANCEL: 2,
  WRITE: 4,
  SEARCH: 6,
  ERROR: 11,
  CLEAR_CHANNEL: 12,
  /** A beacon. */
  RSRV_IS_UP: 13,
  NOT_FOUND: 14,
  READ_NOTIFY: 15,
  REPEATER_CONFIRM: 17,
  CREATE_CHAN: 18,
  WRITE_NOTIFY: 19,
  CLIENT_NAME: 20,
  HOST_NAME: 21,
  ACCESS_RIGHTS: 22,
  ECHO: 23,
  REPEATER_REGISTER: 24,
  CREATE_CH_FAIL: 26,
  SERVER_DISCONN: 27,
} as const;

/** The minor version that we speak; 4 is the major one for ever. From 13 on a count of 0 asks for "as many as there are". */
export const MINOR_VERSION = 13;

export const SERVER_PORT = 5064;
export const REPEATER_PORT = 5065;

/** What a monitor wants to hear of (`EVENT_ADD`). */
export const EVENT_MASK = { VALUE: 1, LOG: 2, ALARM: 4, PROPERTY: 8 } as const;

/** The bits of `ACCESS_RIGHTS`. */
export const ACCESS = { READ: 1, WRITE: 2 } as const;

/** In the answer to a `SEARCH`: do not answer, rather than say `NOT_FOUND` (the only sane choice for a broadcast). */
export const DO_NOT_REPLY = 5;

/** In a `SEARCH` reply: the server is where the datagram came from. */
export const ADDRESS_OF_SENDER = 0xffff_ffff;

/** Names longer than this fit no search datagram. */
export const MAX_NAME_BYTES = 500;
