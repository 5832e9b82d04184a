import { jsonFromMsgpack } from './msgpack-to-json.ts';
import { msgpackFromJson } from './json-to-msgpack.ts';
import { NotARequest, textOf } from './request-text.ts';

/** How requests and replies stand on the wire. Inside, everything is JSON text. */
export interface WireEncoding {
  /** @throws NotARequest */
  textOf(bytes: Uint8Array): string;
  bytesOf(text: string): string | Buffer;
}

export const encodings: Readonly<Record<'json' | 'msgpack', WireEncoding>> = {
  json: { textOf, bytesOf: (text) => text },
  msgpack: {
    textOf(bytes) {
      try {
        return jsonFromMsgpack(bytes);
      } catch (error) {
        throw new NotARequest(`Failed to decode the request: MSGPACK decode error: ${(error as Error).message}`);
      }
    },
    bytesOf: msgpackFromJson,
  },
};
