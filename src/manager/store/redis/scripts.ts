import { luaScript } from '../../../lib/redis-connection.ts';
import type { Script } from '../../../lib/redis-connection.ts';
import { COMMIT } from './lua/commit.ts';
import { CLOSE, EVENTS_AFTER, LOOK, OPEN, RENEW, SETTLE } from './lua/lease.ts';
import { PRELUDE } from './lua/prelude.ts';
import { RESTORE } from './lua/restore.ts';

const script = (body: string): Script => luaScript(`${PRELUDE}${body}`);

export const SCRIPTS = {
  open: script(OPEN),
  renew: script(RENEW),
  settle: script(SETTLE),
  look: script(LOOK),
  eventsAfter: script(EVENTS_AFTER),
  close: script(CLOSE),
  commit: script(COMMIT),
  restore: script(RESTORE),
} as const;
