import { environmentClose, environmentDestroy, environmentOpen } from '../protocol/methods/environment.ts';
import type { App } from './declaration.ts';
import { forward } from './forward.ts';

export function environmentRoutes(app: App): void {
  forward(app, 'POST', '/environment/open', environmentOpen);
  forward(app, 'POST', '/environment/close', environmentClose);
  forward(app, 'POST', '/environment/destroy', environmentDestroy);
}
