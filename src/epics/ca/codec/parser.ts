import { type CaMessage, EXTENDED, EXTENDED_HEADER_BYTES, HEADER_BYTES } from './message.ts';

interface Frame {
  readonly header: number;
  readonly size: number;
  readonly count: number;
}

/** Where the message at `offset` ends, or how many bytes are needed to say so. */
function frameAt(bytes: Buffer, offset: number): Frame | { readonly needs: number } {
  if (bytes.length - offset < HEADER_BYTES) return { needs: HEADER_BYTES };
  const size = bytes.readUInt16BE(offset + 2);
  if (size !== EXTENDED) return { header: HEADER_BYTES, size, count: bytes.readUInt16BE(offset + 6) };
  if (bytes.length - offset < EXTENDED_HEADER_BYTES) return { needs: EXTENDED_HEADER_BYTES };
  return {
    header: EXTENDED_HEADER_BYTES,
    size: bytes.readUInt32BE(offset + 16),
    count: bytes.readUInt32BE(offset + 20),
  };
}

function messageAt(bytes: Buffer, offset: number, { header, size, count }: Frame): CaMessage {
  return {
    command: bytes.readUInt16BE(offset),
    type: bytes.readUInt16BE(offset + 4),
    count,
    p1: bytes.readUInt32BE(offset + 8),
    p2: bytes.readUInt32BE(offset + 12),
    payload: bytes.subarray(offset + header, offset + header + size),
  };
}

/**
 * Cuts a TCP stream into messages, however it is chopped. Chunks of an unfinished message wait in a list and are joined
 * once, when the last has come. It never throws: after a message that claims more than `maxPayloadBytes`, the stream
 * cannot be trusted any more, so `oversizedBytes` tells what was claimed, nothing further is read, and the owner closes
 * the circuit.
 */
export class MessageParser {
  readonly #maxPayloadBytes: number;
  #chunks: Buffer[] = [];
  #have = 0;
  #need = HEADER_BYTES;
  #oversizedBytes: number | null = null;

  constructor(maxPayloadBytes: number) {
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  /** The size that the refused message claimed; `null` as long as the stream is sound. */
  get oversizedBytes(): number | null {
    return this.#oversizedBytes;
  }

  /** The messages that this chunk completes, in order. Their payloads are views of the received bytes. */
  push(chunk: Buffer): CaMessage[] {
    if (this.#oversizedBytes !== null) return [];
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    if (this.#have < this.#need) return [];
    const [first = chunk] = this.#chunks;
    return this.#cut(this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#have));
  }

  #cut(bytes: Buffer): CaMessage[] {
    const messages: CaMessage[] = [];
    let offset = 0;
    for (;;) {
      const frame = frameAt(bytes, offset);
      if ('needs' in frame) {
        this.#need = frame.needs;
        break;
      }
      if (frame.size > this.#maxPayloadBytes) {
        this.#oversizedBytes = frame.size;
        offset = bytes.length;
        break;
      }
      const length = frame.header + frame.size;
      if (bytes.length - offset < length) {
        this.#need = length;
        break;
      }
      messages.push(messageAt(bytes, offset, frame));
      offset += length;
    }
    this.#keep(bytes.subarray(offset));
    return messages;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#have = rest.length;
  }
}

/** The messages of one datagram. What is truncated or junk at its end is ignored: anyone can send us a datagram. */
export function parseDatagram(datagram: Buffer): CaMessage[] {
  const messages: CaMessage[] = [];
  let offset = 0;
  for (;;) {
    const frame = frameAt(datagram, offset);
    if ('needs' in frame || datagram.length - offset < frame.header + frame.size) return messages;
    messages.push(messageAt(datagram, offset, frame));
    offset += frame.header + frame.size;
  }
}
