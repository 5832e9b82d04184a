/** What a route takes that queues, moves or removes many items at a time. */
export const BATCH = { bodyLimit: 64 * 1024 * 1024, timeoutMs: 30_000 };
