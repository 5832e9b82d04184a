import { createHash } from 'node:crypto';
import { COMMIT } from './lua/commit.ts';
import { CLOSE, EVENTS_AFTER, LOOK, OPEN, RENEW, SETTLE } from './lua/lease.ts';
import { PRELUDE } from './lua/prelude.ts';
import { RESTORE } from './lua/restore.ts';

/** One Lua script: Redis runs it whole, and nothing else meanwhile. */
export interface Script {
  readonly name: string;
  readonly text: string;
  readonly sha: string;
}

function script(name: string, body: string): Script {
  const text = `${PRELUDE}${body}`;
  return { name, text, sha: createHash('sha1').update(text).digest('hex') };
}

export const SCRIPTS = {
  open: script('open', OPEN),
  renew: script('renew', RENEW),
  settle: script('settle', SETTLE),
  look: script('look', LOOK),
  eventsAfter: script('eventsAfter', EVENTS_AFTER),
  close: script('close', CLOSE),
  commit: script('commit', COMMIT),
  restore: script('restore', RESTORE),
} as const;
