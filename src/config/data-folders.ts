import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/** Where everything of one data directory lies. All paths are absolute. */
export interface DataFolders {
  readonly dataDir: string;
  /** 0700: settings, tokens, journals and process records of what runs now. */
  readonly runDir: string;
  readonly logDir: string;
  readonly runsDir: string;
  readonly storeFile: string;
  readonly keyFile: string;
  readonly authHeaderFile: string;
  readonly auditFile: string;
  /** 0700 and short: the kernel takes at most 107 bytes for the path of a socket. */
  readonly socketDir: string;
}

const LONGEST_SOCKET_DIR = 80;

export function dataFolders(dataDir: string): DataFolders {
  const root = resolve(dataDir);
  const runDir = join(root, 'run');
  const short = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const isShort = Buffer.byteLength(runDir) <= LONGEST_SOCKET_DIR;
  return {
    dataDir: root,
    runDir,
    logDir: join(root, 'logs'),
    runsDir: join(root, 'runs'),
    storeFile: join(root, 'queue.sqlite'),
    keyFile: join(root, 'single-user-key'),
    authHeaderFile: join(root, 'auth-header'),
    auditFile: join(root, 'logs', 'audit.jsonl'),
    socketDir: isShort ? runDir : join(realpathSync(tmpdir()), `beamgate-${userInfo().uid}-${short}`),
  };
}

/** Where the accounts of a data directory lie: who has signed in, and the key that signs tokens. */
export const accountFiles = (dataDir: string): { readonly store: string; readonly secretKey: string } => ({
  store: join(dataDir, 'accounts', 'accounts.sqlite'),
  secretKey: join(dataDir, 'accounts', 'secret-key'),
});

/** Makes the folders; those with sockets and tokens are for their owner alone. */
export function makeFolders(folders: DataFolders): void {
  for (const folder of [folders.dataDir, folders.logDir, folders.runsDir]) mkdirSync(folder, { recursive: true });
  for (const folder of [folders.runDir, folders.socketDir]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
}
