import { managerKill } from '../protocol/methods/server.ts';
import type { App } from './declaration.ts';
import { forward } from './forward.ts';

/** What test suites of the original ask for; the manager answers where testing is switched on. */
export function testingRoutes(app: App): void {
  forward(app, 'POST', '/test/manager/kill', managerKill);
}
