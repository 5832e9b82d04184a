import { COMMAND } from './commands.ts';
import {
  type CaHeader,
  type CaMessage,
  encodeHeader,
  encodeMessage,
  EXTENDED,
  EXTENDED_HEADER_BYTES,
  HEADER_BYTES,
} from './message.ts';
import { decodeText } from './text.ts';

/** What a server did not like: the header of the request, an ECA code, and a sentence of its own. */
interface ServerError {
  readonly request: CaHeader;
  readonly code: number;
  readonly text: string;
}

/** `ERROR` from a server: `cid` is the client's id of the channel concerned, 0xffffffff for none. */
export function encodeError(cid: number, { request, code, text }: ServerError, requestBytes = 0): Buffer[] {
  const body = Buffer.concat([encodeHeader(request, requestBytes), Buffer.from(`${text}\0`)]);
  return encodeMessage({ command: COMMAND.ERROR, p1: cid, p2: code }, body);
}

/** The request that an `ERROR` names; `null` when it echoes no whole header. */
export function decodeError({ payload, p2 }: CaMessage): ServerError | null {
  if (payload.length < HEADER_BYTES) return null;
  const isExtended = payload.readUInt16BE(2) === EXTENDED;
  if (isExtended && payload.length < EXTENDED_HEADER_BYTES) return null;
  return {
    request: {
      command: payload.readUInt16BE(0),
      type: payload.readUInt16BE(4),
      count: isExtended ? payload.readUInt32BE(20) : payload.readUInt16BE(6),
      p1: payload.readUInt32BE(8),
      p2: payload.readUInt32BE(12),
    },
    code: p2,
    text: decodeText(payload, isExtended ? EXTENDED_HEADER_BYTES : HEADER_BYTES),
  };
}
