import { textOf } from './request-text.ts';

/** How requests and replies stand on the wire. Inside, everything is JSON text. */
export interface WireEncoding {
  /** @throws NotARequest */
  textOf(bytes: Uint8Array): string;
  bytesOf(text: string): string | Uint8Array;
}

export const jsonEncoding: WireEncoding = {
  textOf,
  bytesOf: (text) => text,
};

export const encodings = { json: jsonEncoding, msgpack: jsonEncoding } as const;
