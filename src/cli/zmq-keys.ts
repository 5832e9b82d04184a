import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Command } from 'commander';
import { curveKeyPair } from 'zeromq';
import { ZMQ_KEYS_SETTINGS } from '../config/tool-settings.ts';
import { z85Decoded, z85Encoded } from '../lib/z85.ts';
import { resolved } from './options.ts';
import { EXIT_CODES } from './qserver/exit-codes.ts';

const RULE = '='.repeat(84);

/** `beamgate zmq-keys`: a new pair of keys for an encrypted control socket, or the public key of a private one. */
export async function zmqKeys(command: Command): Promise<void> {
  const { value: given } = resolved(ZMQ_KEYS_SETTINGS, command).zmqPrivateKey;
  try {
    const pair = given === null ? curveKeyPair() : { publicKey: publicKeyOf(given), secretKey: given };
    const what =
      given === null ? 'New public-private key pair.' : 'Private key generated based on provided private key.';
    console.log(RULE);
    console.log(`     ZMQ SECURITY: ${what}`);
    console.log(RULE);
    console.log(` Private key (RE Manager):                 ${pair.secretKey}`);
    console.log(` Public key (CLI client or HTTP server):   ${pair.publicKey}`);
    console.log(`${RULE}\n`);
  } catch (error) {
    console.log(`Failed to generate keys: ${(error as Error).message}`);
    process.exitCode = EXIT_CODES.exceptionOccurred;
  }
}

/** Everything of a PKCS #8 key of X25519 but its 32 bytes. */
const PKCS8_OF_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_BYTES = 32;

/** CURVE's keys are X25519's, in Z85. @throws Error */
function publicKeyOf(privateKey: string): string {
  const bytes = z85Decoded(privateKey);
  if (bytes?.byteLength !== KEY_BYTES) {
    throw new Error(`Invalid key '${privateKey}': the key must be a 40 byte z85 encoded string`);
  }
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_OF_X25519, bytes]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return z85Encoded(spki.subarray(-KEY_BYTES));
}
