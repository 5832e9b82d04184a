import { historyClear, historyGet } from '../protocol/methods/history.ts';
import type { App } from './declaration.ts';
import { forward, forwardRead } from './forward.ts';

export function historyRoutes(app: App): void {
  forwardRead(app, '/history/get', historyGet);
  forward(app, 'POST', '/history/clear', historyClear);
}
