import {
  environmentClose,
  environmentDestroy,
  environmentOpen,
  environmentUpdate,
  kernelInterrupt,
} from '../protocol/methods/environment.ts';
import type { App } from './declaration.ts';
import { forward } from './forward.ts';

export function environmentRoutes(app: App): void {
  forward(app, 'POST', '/environment/open', environmentOpen);
  forward(app, 'POST', '/environment/close', environmentClose);
  forward(app, 'POST', '/environment/destroy', environmentDestroy);
  forward(app, 'POST', '/environment/update', environmentUpdate);
  forward(app, 'POST', '/kernel/interrupt', kernelInterrupt);
}
