/** The ECA status codes that servers send and that our errors carry: severity in the low three bits, as in `caerr.h`. */
export const ECA = {
  NORMAL: 1,
  ALLOCMEM: 48,
  TOLARGE: 72,
  TIMEOUT: 80,
  BADTYPE: 114,
  INTERNAL: 142,
  GETFAIL: 152,
  PUTFAIL: 160,
  BADCOUNT: 176,
  BADSTR: 186,
  DISCONN: 192,
  DBLCHNL: 200,
  BADMONID: 242,
  BADMASK: 330,
  NORDACCESS: 368,
  NOWTACCESS: 376,
  NOCONVERT: 400,
  BADCHID: 410,
  CHANDESTROY: 440,
  UNRESPTMO: 480,
} as const;

const SENTENCES: Readonly<Record<number, string>> = {
  [ECA.NORMAL]: 'normal completion',
  [ECA.ALLOCMEM]: 'no memory for the request',
  [ECA.TOLARGE]: 'the transfer is larger than the array limit',
  [ECA.TIMEOUT]: 'no answer in time',
  [ECA.BADTYPE]: 'invalid data type',
  [ECA.INTERNAL]: 'internal failure in Channel Access',
  [ECA.GETFAIL]: 'the server could not read the channel',
  [ECA.PUTFAIL]: 'the server could not write the channel',
  [ECA.BADCOUNT]: 'invalid element count',
  [ECA.BADSTR]: 'invalid string',
  [ECA.DISCONN]: 'the circuit is disconnected',
  [ECA.DBLCHNL]: 'the name is served by more than one server',
  [ECA.BADMONID]: 'unknown monitor',
  [ECA.BADMASK]: 'invalid event mask',
  [ECA.NORDACCESS]: 'no read access',
  [ECA.NOWTACCESS]: 'no write access',
  [ECA.NOCONVERT]: 'the value cannot be converted to the type of the channel',
  [ECA.BADCHID]: 'unknown channel',
  [ECA.CHANDESTROY]: 'the channel was destroyed',
  [ECA.UNRESPTMO]: 'the server no longer answers',
};

/** The sentence for an ECA code; codes that we do not know are named by number. */
export function statusSentence(code: number): string {
  return SENTENCES[code] ?? `Channel Access status ${code}`;
}
