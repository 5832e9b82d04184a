import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * Looks, before anything is started, whether the ports are free, so that a second start says who holds them instead of
 * failing half-way.
 * @throws Error naming the address and, where the system tells, the process
 */
export async function refuseHeldPorts(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    const { hostname, port } = new URL(address.replace('://*', '://0.0.0.0').replace('tcp:', 'http:'));
    if (port === '0' || port === '') continue;
    if (!(await isFree(hostname, Number(port)))) {
      throw new Error(`${address} is held by ${holderOf(Number(port))}. Stop that one first, or name another port.`);
    }
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

/** From Linux's /proc: the socket that listens there, and whose it is. Elsewhere, or without the right, a plain word. */
function holderOf(port: number): string {
  try {
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n'));
    const listening = sockets
      .map((line) => line.trim().split(/\s+/))
      .find((f) => f[1]?.endsWith(`:${hex}`) && f[3] === '0A');
    const wanted = `socket:[${listening?.[9]}]`;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (holds(pid, wanted)) return `pid ${pid}: ${commandOf(pid)}`;
    }
  } catch {
    // No /proc: then the port alone is named.
  }
  return 'another process';
}

function holds(pid: string, socket: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === socket);
  } catch {
    return false; // it ended meanwhile, or is somebody else's
  }
}

function commandOf(pid: string): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .filter((word) => !word.startsWith('--'));
  return words.join(' ').trim().slice(0, 200);
}
