import { eventsGet } from '../protocol/methods/events.ts';
import type { App } from './declaration.ts';
import { forward } from './forward.ts';

export function eventRoutes(app: App): void {
  forward(app, 'GET', '/events', eventsGet, { timeoutMs: 65_000 });
}
