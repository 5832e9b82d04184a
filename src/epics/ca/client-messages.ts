import { COMMAND, DO_NOT_REPLY, MINOR_VERSION } from './codec/commands.ts';
import type { EncodedDbr } from './codec/dbr.ts';
import { encodeHeader, encodeMessage } from './codec/message.ts';
import { encodeName } from './codec/text.ts';

/** What a client says, one function a message. Ids: `cid` ours, `sid` the server's, `id` of a request or monitor ours. */

export const version = (): Buffer => encodeHeader({ command: COMMAND.VERSION, count: MINOR_VERSION }, 0);

export const echo = (): Buffer => encodeHeader({ command: COMMAND.ECHO }, 0);

/** First words on a circuit: access rights follow from the two names. */
export const greeting = (userName: string, hostName: string): Buffer[] => [
  version(),
  ...encodeMessage({ command: COMMAND.CLIENT_NAME }, encodeName(userName)),
  ...encodeMessage({ command: COMMAND.HOST_NAME }, encodeName(hostName)),
];

export const search = (cid: number, name: string): Buffer =>
  Buffer.concat(
    encodeMessage(
      { command: COMMAND.SEARCH, type: DO_NOT_REPLY, count: MINOR_VERSION, p1: cid, p2: cid },
      encodeName(name),
    ),
  );

/** To the repeater of this machine: pass beacons on to the port that this comes from. */
export const registerWithRepeater = (): Buffer =>
  encodeHeader({ command: COMMAND.REPEATER_REGISTER, p2: 0x7f00_0001 }, 0);

export const createChannel = (cid: number, name: string): Buffer[] =>
  encodeMessage({ command: COMMAND.CREATE_CHAN, p1: cid, p2: MINOR_VERSION }, encodeName(name));

export const clearChannel = (sid: number, cid: number): Buffer =>
  encodeHeader({ command: COMMAND.CLEAR_CHANNEL, p1: sid, p2: cid }, 0);

/** What is asked for: a DBR type, and how many elements; 0 means as many as there are. */
export interface Wanted {
  readonly type: number;
  readonly count: number;
}

export const readNotify = (sid: number, id: number, { type, count }: Wanted): Buffer =>
  encodeHeader({ command: COMMAND.READ_NOTIFY, type, count, p1: sid, p2: id }, 0);

export const write = (sid: number, id: number, { type, count, payload }: EncodedDbr): Buffer[] =>
  encodeMessage({ command: COMMAND.WRITE, type, count, p1: sid, p2: id }, payload);

export const writeNotify = (sid: number, id: number, { type, count, payload }: EncodedDbr): Buffer[] =>
  encodeMessage({ command: COMMAND.WRITE_NOTIFY, type, count, p1: sid, p2: id }, payload);

export function eventAdd(sid: number, id: number, { type, count, mask }: Wanted & { readonly mask: number }): Buffer[] {
  const payload = Buffer.alloc(16); // three floats that nobody reads, then the mask
  payload.writeUInt16BE(mask, 12);
  return encodeMessage({ command: COMMAND.EVENT_ADD, type, count, p1: sid, p2: id }, payload);
}

export const eventCancel = (sid: number, id: number, { type, count }: Wanted): Buffer =>
  encodeHeader({ command: COMMAND.EVENT_CANCEL, type, count, p1: sid, p2: id }, 0);
