/** Whose messages, documents and states the RunEngine's are: the versions that its recordings were made with. */
export const CONTRACTS = { bluesky: '1.15.1', event_model: '1.24.0' } as const;
