import { chmod, mkdir, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';

/** The kernel keeps a socket's path in 108 bytes, the closing zero included. */
const MAX_PATH_BYTES = 107;

/**
 * Makes the place for the socket: a folder that is its owner's alone, and nothing at the path. The file of a worker that
 * died is removed; a worker that lives is never pushed aside.
 * @throws Error naming the path and the rule
 */
export async function prepareSocketPlace(path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new Error(`The socket's path must be at most ${MAX_PATH_BYTES} bytes long, received '${path}'`);
  }
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if (await isAnswering(path)) throw new Error(`Another worker is listening on '${path}'`);
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

function isAnswering(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
