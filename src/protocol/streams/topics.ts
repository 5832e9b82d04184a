/** Topics of the manager's PUB socket (port 60625): two frames, `[topic, payload]`, payload `{time, msg}` as text. */
export const TOPICS = { console: 'QS_Console', info: 'QS_Info' } as const;

/** `{"time": 1700000000.5, "msg": "…\n"}`; of an info frame `msg` is `{status: {…}}`. */
export interface StreamFrame<M = unknown> {
  time: number;
  msg: M;
}
