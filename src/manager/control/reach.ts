/** A warning for a control socket that others reach, and that takes whoever comes; null: it is bound or locked well. */
export function openToAll(address: string, privateKey: string | null): string | null {
  if (privateKey !== null || isLocal(address)) return null;
  return (
    `The control socket is bound to '${address}' without encryption: anyone on that network can run plans. Bind 127.0.0.1, or ` +
    'set QSERVER_ZMQ_PRIVATE_KEY_FOR_SERVER (docs/how-to/encrypt-the-control-socket.md).'
  );
}

/** Whether only processes of this machine reach an address. */
function isLocal(address: string): boolean {
  if (!address.startsWith('tcp://')) return true;
  const host = address.slice('tcp://'.length, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host === '::1' || host === 'lo' || /^127(\.\d+){3}$/.test(host);
}
