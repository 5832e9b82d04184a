import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The id of the gateway's request that set off what is done now, by which the logs of gateway, manager and worker are
 * compared. It is there only while the manager logs in detail.
 */
export const currentTrace = new AsyncLocalStorage<string>();
