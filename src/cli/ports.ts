import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * Looks, before anything is started, whether the ports are free, so that a second start says who holds them instead of
 * failing half-way. `ours` are processes that an earlier supervisor of this directory left behind: they will be replaced.
 * @throws Error naming the address and, where the system tells, the process
 */
export async function refuseHeldPorts(addresses: readonly string[], ours: readonly number[]): Promise<void> {
  for (const address of addresses) {
    const { hostname, port } = new URL(address.replace('://*', '://0.0.0.0').replace('tcp:', 'http:'));
    if (port === '0' || port === '') continue;
    if (await isFree(hostname, Number(port))) continue;
    const pid = holderOf(Number(port));
    if (pid !== null && ours.includes(pid)) continue;
    const holder = pid === null ? 'another process' : `pid ${pid}: ${commandOf(pid)}`;
    throw new Error(`${address} is held by ${holder}. Stop that one first, or name another port.`);
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** From Linux's /proc: whose the socket is that listens there. Elsewhere, or without the right, nobody can tell. */
function holderOf(port: number): number | null {
  try {
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n'));
    const fields = sockets.map((line) => line.trim().split(/\s+/));
    const listening = fields.find(([, local, , state]) => local?.endsWith(`:${hex}`) && state === '0A');
    const wanted = `socket:[${listening?.[9]}]`;
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, wanted));
    return pid === undefined ? null : Number(pid);
  } catch {
    return null; // no /proc: then the port alone is named
  }
}

function holds(pid: string, socket: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === socket);
  } catch {
    return false; // it ended meanwhile, or is somebody else's
  }
}

function commandOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .filter((word) => !word.startsWith('--'));
  return words.join(' ').trim().slice(0, 200);
}
