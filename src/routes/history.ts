import { historyClear, historyGet } from '../protocol/methods/history.ts';
import type { App } from './declaration.ts';
import { forward } from './forward.ts';
import { servePages } from './pages.ts';

export function historyRoutes(app: App): void {
  servePages(app, '/history/get', historyGet);
  forward(app, 'POST', '/history/clear', historyClear);
}
