import { functionExecute, scriptUpload, taskResult, taskStatus } from '../protocol/methods/tasks.ts';
import type { App } from './declaration.ts';
import { forward } from './forward.ts';

export function taskRoutes(app: App): void {
  forward(app, 'POST', '/function/execute', functionExecute);
  forward(app, 'POST', '/script/upload', scriptUpload);
  forward(app, 'GET', '/task/status', taskStatus);
  forward(app, 'GET', '/task/result', taskResult);
}
