import { padded, paddedLength } from './text.ts';

/**
 * One Channel Access message. `type`, `count`, `p1` and `p2` mean something else in every command; the specification
 * calls the last two "parameter 1" and "parameter 2".
 */
export interface CaMessage {
  readonly command: number;
  /** Mostly a DBR type. */
  readonly type: number;
  /** Mostly an element count. */
  readonly count: number;
  readonly p1: number;
  readonly p2: number;
  /** Still a view of the received bytes: copy what is to be kept. Always a multiple of 8 bytes when a peer is sane. */
  readonly payload: Buffer;
}

export type CaHeader = Omit<CaMessage, 'payload'>;

export const HEADER_BYTES = 16;
export const EXTENDED_HEADER_BYTES = 24;
/** In the 16-bit size field: size and count follow as 32-bit numbers. */
export const EXTENDED = 0xffff;

const NO_PAYLOAD: Buffer = Buffer.alloc(0);

/** The 16 bytes before a payload, or the 24 of the extended form where size or count need it. Numbers wrap to 32 bits. */
export function encodeHeader(header: Partial<CaHeader> & Pick<CaHeader, 'command'>, payloadBytes: number): Buffer {
  const { command, type = 0, count = 0, p1 = 0, p2 = 0 } = header;
  const isExtended = payloadBytes >= EXTENDED || count > 0xffff;
  const bytes = Buffer.allocUnsafe(isExtended ? EXTENDED_HEADER_BYTES : HEADER_BYTES);
  bytes.writeUInt16BE(command, 0);
  bytes.writeUInt16BE(isExtended ? EXTENDED : payloadBytes, 2);
  bytes.writeUInt16BE(type, 4);
  bytes.writeUInt16BE(isExtended ? 0 : count, 6);
  bytes.writeUInt32BE(p1 >>> 0, 8);
  bytes.writeUInt32BE(p2 >>> 0, 12);
  if (isExtended) {
    bytes.writeUInt32BE(payloadBytes, 16);
    bytes.writeUInt32BE(count, 20);
  }
  return bytes;
}

/**
 * A whole message as the pieces to send: the header, and the payload filled up to 8 bytes. A payload that fits already
 * is passed on, not copied, so that an array of megabytes costs nothing here.
 */
export function encodeMessage(
  header: Partial<CaHeader> & Pick<CaHeader, 'command'>,
  payload: Buffer = NO_PAYLOAD,
): Buffer[] {
  if (payload.length === 0) return [encodeHeader(header, 0)];
  return [encodeHeader(header, paddedLength(payload.length)), padded(payload)];
}
