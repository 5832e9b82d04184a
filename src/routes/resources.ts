import {
  devicesAllowed,
  devicesExisting,
  permissionsGet,
  permissionsReload,
  plansAllowed,
  plansExisting,
} from '../protocol/methods/resources.ts';
import type { App } from './declaration.ts';
import { forward, forwardRead } from './forward.ts';

export function resourceRoutes(app: App): void {
  forwardRead(app, '/plans/allowed', plansAllowed);
  forwardRead(app, '/plans/existing', plansExisting);
  forwardRead(app, '/devices/allowed', devicesAllowed);
  forwardRead(app, '/devices/existing', devicesExisting);
  forward(app, 'GET', '/permissions/get', permissionsGet);
  forward(app, 'POST', '/permissions/reload', permissionsReload);
}
