import { msgpackFromJson } from '../lib/msgpack/json-to-msgpack.ts';
import { jsonFromMsgpack } from '../lib/msgpack/msgpack-to-json.ts';

/** How requests, replies and published frames stand on the wire. Inside, everything is JSON text. */
export interface WireEncoding {
  /** @throws Error when the bytes are not of this encoding */
  textOf(bytes: Uint8Array): string;
  bytesOf(text: string): string | Buffer;
}
export type WireEncodingName = 'json' | 'msgpack';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const wireEncodings: Readonly<Record<WireEncodingName, WireEncoding>> = {
  json: { textOf: (bytes) => UTF8.decode(bytes), bytesOf: (text) => text },
  msgpack: { textOf: jsonFromMsgpack, bytesOf: msgpackFromJson },
};

/** As a setting names it, which has been checked. */
export const wireEncodingNamed = (name: string | null): WireEncoding =>
  wireEncodings[name === 'msgpack' ? 'msgpack' : 'json'];
