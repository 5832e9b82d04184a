import type { ValueName } from '../store.ts';

/** The values that the original keeps under keys of their own, by our words for them. */
export type OriginalValue = Exclude<ValueName, 'cursor'>;

/**
 * The names of the keys under one prefix. Those of the original are its own, so that either manager starts on what the
 * other left; the three with `beamgate` in their names are ours, and the original never touches them.
 */
export interface RedisKeys {
  /** A list of items, the front first. */
  readonly queue: string;
  /** A list of items with their results, the oldest first. */
  readonly history: string;
  /** The item, or `{}`. */
  readonly running: string;
  readonly values: Readonly<Record<OriginalValue, string>>;
  /** A hash: who may write, what was written last, the number of the newest event. */
  readonly state: string;
  /** Who holds the store; it ends by itself unless it is renewed. */
  readonly lease: string;
  /** A list: the newest events of the log. */
  readonly events: string;
}

export function redisKeys(prefix: string): RedisKeys {
  const named = (name: string): string => (prefix === '' ? name : `${prefix}_${name}`);
  return {
    queue: named('plan_queue'),
    history: named('plan_history'),
    running: named('running_plan'),
    values: {
      mode: named('plan_queue_mode'),
      autostart: named('autostart_mode_info'),
      stop_pending: named('stop_pending_info'),
      lock: named('lock_info'),
      permissions: named('user_group_permissions'),
    },
    state: named('beamgate_state'),
    lease: named('beamgate_lease'),
    events: named('beamgate_events'),
  };
}

/** In this order in every script, and in the answers of `look`. */
export const ORIGINAL_VALUES: readonly OriginalValue[] = ['mode', 'autostart', 'stop_pending', 'lock', 'permissions'];

/** All of them, as every script gets them. */
export const scriptKeys = (keys: RedisKeys): string[] => [
  keys.state,
  keys.lease,
  keys.events,
  keys.queue,
  keys.history,
  keys.running,
  ...ORIGINAL_VALUES.map((name) => keys.values[name]),
];

/** Where the first of `ORIGINAL_VALUES` stands among them, as Lua counts. */
export const FIRST_VALUE_KEY = 7;
