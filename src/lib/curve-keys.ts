import { createPrivateKey, createPublicKey } from 'node:crypto';
import { z85Decoded, z85Encoded } from './z85.ts';

/** Keys of 0MQ's CURVE: those of X25519, in 40 characters of z85. @see https://rfc.zeromq.org/spec/26/ */
const KEY_BYTES = 32;

/** Whether a text has the form of a key, a public or a private one. */
export const isCurveKey = (text: string): boolean => z85Decoded(text)?.byteLength === KEY_BYTES;

/** The public key that belongs to a private one. @throws RangeError for a text that is no key; it is not shown */
export function curvePublicKey(privateKey: string): string {
  const bytes = z85Decoded(privateKey);
  if (bytes?.byteLength !== KEY_BYTES) throw new RangeError('the key must be a 40 byte z85 encoded string');
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_OF_X25519, bytes]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return z85Encoded(spki.subarray(-KEY_BYTES));
}

/** Everything of a PKCS #8 key of X25519 but its 32 bytes. */
const PKCS8_OF_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
