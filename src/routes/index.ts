import { apiKeyRoutes } from './api-keys.ts';
import { authRoutes } from './auth.ts';
import { consoleRoutes } from './console.ts';
import { externalSignInRoutes } from './external-sign-in.ts';
import type { App } from './declaration.ts';
import { environmentRoutes } from './environment.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { itemRoutes } from './items.ts';
import { lockRoutes } from './lock.ts';
import { principalRoutes } from './principals.ts';
import { permissionRoutes } from './permissions.ts';
import { queueRoutes } from './queue.ts';
import { resourceRoutes } from './resources.ts';
import { runEngineRoutes } from './run-engine.ts';
import { signInRoutes } from './sign-in.ts';
import { socketRoutes } from './sockets.ts';
import { spreadsheetRoutes } from './spreadsheet.ts';
import { statusRoutes } from './status.ts';
import { streamRoutes } from './stream.ts';
import { taskRoutes } from './tasks.ts';
import { testingRoutes } from './testing.ts';

/** Everything under `/api`, by noun. */
export async function apiRoutes(app: App): Promise<void> {
  statusRoutes(app);
  queueRoutes(app);
  itemRoutes(app);
  spreadsheetRoutes(app);
  historyRoutes(app);
  environmentRoutes(app);
  runEngineRoutes(app);
  resourceRoutes(app);
  permissionRoutes(app);
  taskRoutes(app);
  lockRoutes(app);
  eventRoutes(app);
  testingRoutes(app);
  consoleRoutes(app);
  socketRoutes(app);
  streamRoutes(app);
  authRoutes(app);
  signInRoutes(app);
  externalSignInRoutes(app);
  apiKeyRoutes(app);
  principalRoutes(app);
  healthRoutes(app);
}
