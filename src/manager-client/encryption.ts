import { curveKeyPair } from 'zeromq';

/**
 * How a client encrypts for a manager with this public key. The client's own pair says nothing about who it is, for
 * the manager takes any: so it is made anew, where the original has a fixed one.
 */
export function encryption(serverKey: string | null) {
  if (serverKey === null) return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}

interface Peer {
  readonly address: string;
  readonly publicKey: string | null;
}

/** Why a handshake failed that both ends began differently. */
export function mismatch(code: string, { address, publicKey }: Peer): string {
  if (code !== 'ERR_ZMTP_MECHANISM_MISMATCH') return `What answers on ${address} is no RE Manager (${code})`;
  return publicKey === null
    ? `The manager on ${address} encrypts: set QSERVER_ZMQ_PUBLIC_KEY to its public key`
    : `The manager on ${address} does not encrypt at all, but QSERVER_ZMQ_PUBLIC_KEY is set`;
}

/** A manager that cannot read what was encrypted for it hangs up without a word; so may one that does not encrypt. */
export const unreadable = ({ address, publicKey }: Peer): string =>
  `The manager on ${address} hangs up when encryption is to begin: '${publicKey}' (QSERVER_ZMQ_PUBLIC_KEY) is not its public key, ` +
  'or it does not encrypt at all';
