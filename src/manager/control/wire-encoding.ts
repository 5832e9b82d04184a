import { wireEncodings } from '../../protocol/wire-encoding.ts';
import type { WireEncoding, WireEncodingName } from '../../protocol/wire-encoding.ts';
import { NotARequest, textOf } from './request-text.ts';

/** The encodings with what is no request told in the original's words: their `textOf` throws NotARequest. */
export const encodings: Readonly<Record<WireEncodingName, WireEncoding>> = {
  json: { ...wireEncodings.json, textOf },
  msgpack: {
    ...wireEncodings.msgpack,
    textOf(bytes) {
      try {
        return wireEncodings.msgpack.textOf(bytes);
      } catch (error) {
        throw new NotARequest(`Failed to decode the request: MSGPACK decode error: ${(error as Error).message}`);
      }
    },
  },
};
