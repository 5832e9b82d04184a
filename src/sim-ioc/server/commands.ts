/** Commands that our own client never sends, but others do: libca stops a flood of events with the first two. */
export const OTHER_COMMAND = { READ: 3, EVENTS_OFF: 8, EVENTS_ON: 9, READ_SYNC: 10 } as const;
