import type { FastifyBaseLogger } from 'fastify';
import type { GatewaySettings } from '../config/process-settings.ts';
import type { GatewaySecrets } from '../config/secrets.ts';
import { ChangeWaiters } from '../manager-client/change-waiters.ts';
import { DerivedItems } from '../manager-client/derived-items.ts';
import { EventFeed } from '../manager-client/event-feed.ts';
import { ItemReader } from '../manager-client/item-reader.ts';
import { ManagerClient } from '../manager-client/manager-client.ts';
import type { PublishedFrame } from '../manager-client/info-subscription.ts';
import { AnswersByKey } from '../routes/answers-by-key.ts';
import type { Parts } from '../routes/declaration.ts';
import { itemStatus } from '../protocol/methods/items.ts';
import { preparedReply } from '../routes/reply-text.ts';
import { SpreadsheetReader } from '../spreadsheet/spreadsheet-reader.ts';
import { Broadcast } from '../streams/broadcast.ts';
import { ConsoleLog } from '../streams/console-log.ts';
import { Liveness } from '../streams/liveness.ts';
import { StatusFeed } from '../streams/status-feed.ts';
import type { OpenedAccounts } from './accounts-store.ts';
import { makeAuthParts } from './auth-parts.ts';

export interface RunningParts extends Parts {
  readonly manager: ManagerClient;
  /** Opens sockets and timers; until then nothing is heard of the manager. */
  start(): void;
  close(): Promise<void>;
}

/**
 * Makes what the gateway is made of, and connects it: what the manager publishes becomes frames, once, for everybody.
 * @throws RangeError for a key that cannot stand in a URL, Error for a key file that cannot be read
 */
export function makeParts(
  settings: GatewaySettings,
  secrets: GatewaySecrets,
  log: FastifyBaseLogger,
  accounts: OpenedAccounts | null = null,
): RunningParts {
  const manager = new ManagerClient({
    controlAddress: settings.zmq_control_address,
    infoAddress: settings.zmq_info_address,
    encoding: settings.zmq_encoding,
    publicKey: settings.zmq_public_key,
    prepare: preparedReply,
    onError: (err) => log.error({ err }, 'a listener of the manager failed'),
  });
  const feed = new EventFeed(manager, (err) => log.error({ err }, 'a listener of the event log failed'));
  const waiters = new ChangeWaiters(feed);
  const items = new ItemReader({
    manager,
    feed,
    waiters,
    derived: new DerivedItems(manager),
    prepare: (reply) => preparedReply(itemStatus, reply),
  });
  const auth = makeAuthParts(settings, secrets, log, accounts);
  const streams = { status: new Broadcast<Buffer>(), info: new Broadcast<Buffer>(), console: new Broadcast<Buffer>() };
  const spreadsheets = new SpreadsheetReader(settings.custom_modules);
  const statusFeed = new StatusFeed(streams.status);
  const consoleLog = new ConsoleLog();

  manager.events.on('info', ({ text }) => streams.info.offer(Buffer.from(text)));
  manager.events.on('status', (frame) => statusFeed.published(frame.text, statusOf(frame)));
  manager.events.on('console', (frame) => {
    const line = textFrame(frame);
    consoleLog.add(line);
    streams.console.offer(Buffer.from(line.text));
  });
  manager.events.on('link', (link) => log.info({ link, address: settings.zmq_control_address }, 'manager'));
  manager.events.on('refused', ({ reason }) => log.error({ address: settings.zmq_control_address }, reason));
  manager.events.on('late', ({ method }) => log.warn({ method }, 'a reply of the manager came too late'));

  return {
    ...auth,
    manager,
    feed,
    waiters,
    items,
    streams,
    statusFeed,
    console: consoleLog,
    spreadsheets,
    answers: new AnswersByKey(),
    liveness: new Liveness(),
    allowOrigins: settings.allow_origins,
    itemsBelongToSubmitter: settings.items_belong_to === 'submitter',
    dataDir: settings.data_dir,
    start() {
      manager.start();
      auth.start();
      statusFeed.start();
    },
    async close() {
      statusFeed.close();
      feed.close();
      manager.close();
      spreadsheets.close();
      await auth.close();
    },
  };
}

/** The client tells a frame of this event by the object that it holds. */
const statusOf = ({ msg }: PublishedFrame) => (msg as { status: Record<string, unknown> }).status;

/** Clients of the console take `msg` for a string: one that is none would blank the page of Finch. */
function textFrame({ time, msg, text }: PublishedFrame): { time: number; msg: string; text: string } {
  if (typeof msg === 'string') return { time, msg, text };
  const line = { time, msg: JSON.stringify(msg) };
  return { ...line, text: JSON.stringify(line) };
}
