import type { Command } from 'commander';
import { curveKeyPair } from 'zeromq';
import { ZMQ_KEYS_SETTINGS } from '../config/tool-settings.ts';
import { curvePublicKey, isCurveKey } from '../lib/curve-keys.ts';
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

/** The original shows what was typed; here it is on the command line of who reads it. @throws Error */
function publicKeyOf(typed: string): string {
  if (isCurveKey(typed)) return curvePublicKey(typed);
  throw new Error(`Invalid key '${typed}': the key must be a 40 byte z85 encoded string`);
}
