import { pino } from 'pino';
import type { GatewaySettings } from '../config/process-settings.ts';
import { buildApp } from './app.ts';
import { makeParts } from './parts.ts';

/** Nothing is opened for the document; the addresses only have to be there. */
const NOWHERE: GatewaySettings = {
  data_dir: '.',
  run_dir: '.',
  host: '127.0.0.1',
  port: 0,
  zmq_control_address: 'tcp://127.0.0.1:60615',
  zmq_info_address: 'tcp://127.0.0.1:60625',
  zmq_encoding: 'json',
  zmq_public_key: null,
  single_user_key_file: null,
  allow_anonymous_access: false,
  allow_origins: [],
  lifetimes: { access_token_max_age: 900, refresh_token_max_age: 604_800, session_max_age: null },
  items_belong_to: 'everybody',
  config: null,
  custom_modules: [],
};

/** The OpenAPI document of the gateway, made from the routes as they are registered. */
export async function openApiDocument(): Promise<object> {
  const log = pino({ enabled: false });
  const parts = makeParts(NOWHERE, { singleUserApiKey: null, secretKeys: [], accountsRedis: null }, log);
  const app = await buildApp(parts, log);
  await app.ready();
  const document = app.swagger();
  await app.close();
  await parts.close();
  return document;
}
