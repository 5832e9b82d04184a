import { once } from 'node:events';
import { connect } from 'node:net';

const ANSWER_MS = 500;

/**
 * The original's manager knows no lease: it is known by its control address alone. So before a queue that it may hold is
 * taken, nobody may answer there.
 * @throws Error naming the address
 */
export async function refuseBesideManager(controlAddress: string): Promise<void> {
  if (/:[0*]$/.test(controlAddress)) return; // It takes a free port.
  const { hostname, port } = new URL(controlAddress.replace('://*', '://127.0.0.1').replace('tcp:', 'http:'));
  const host = hostname === '0.0.0.0' ? '127.0.0.1' : hostname.replaceAll(/[[\]]/g, '');
  if (!(await isAnswered(host, Number(port)))) return;
  throw new Error(
    `A manager answers on ${controlAddress}: stop that one first. Two managers must never work on one queue in Redis.`,
  );
}

async function isAnswered(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_MS) });
    return true;
  } catch {
    return false; // refused, or nobody there
  } finally {
    socket.destroy();
  }
}
