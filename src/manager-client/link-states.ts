import { defineStates } from '../lib/define-states.ts';

/**
 * What the client knows of its manager.
 *
 * It begins as `connecting`, and comes back to that whenever the connection drops; requests then wait a short while, since
 * a manager that is restarted is back within it. When it is not, the manager is `away` and requests are refused at once,
 * until a handshake says `connected` again, or until the manager is heard to publish: then it is `connecting` once more, for it
 * is back and its control socket a moment away. libzmq connects anew by itself in all of them; `closed` is for ever.
 */
export const linkStates = defineStates({
  connecting: ['connected', 'away', 'closed'],
  connected: ['connecting', 'closed'],
  away: ['connecting', 'connected', 'closed'],
  closed: [],
});
export type LinkState = keyof typeof linkStates.next;
