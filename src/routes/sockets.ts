import { coded } from '../protocol/error-codes.ts';
import type { Scope } from '../protocol/methods/define-method.ts';
import type { Broadcast } from '../streams/broadcast.ts';
import { SocketFeed } from '../streams/socket-feed.ts';
import type { FeedOptions } from '../streams/socket-feed.ts';
import type { App } from './declaration.ts';
import { gapFrame } from './gap-frame.ts';
import { SocketAdmission } from './socket-admission.ts';

interface SocketRoute {
  readonly url: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly source: Broadcast<Buffer>;
  readonly feed: FeedOptions;
  /** What a new client is given at once. */
  readonly first?: () => Buffer | undefined;
}

/** The three streams for browsers and control rooms. Every frame is `{time, msg}` and nothing else. */
export function socketRoutes(app: App): void {
  const { streams, statusFeed } = app.parts;
  serve(app, {
    url: '/status/ws',
    scope: 'read:monitor',
    summary: 'The status whenever it changes, and at least once a second.',
    source: streams.status,
    feed: { limit: 1 },
    first: () => statusFeed.last,
  });
  serve(app, {
    url: '/info/ws',
    scope: 'read:monitor',
    summary: 'Whatever the manager publishes about itself, its status among it.',
    source: streams.info,
    feed: { limit: 100 },
  });
  serve(app, {
    url: '/console_output/ws',
    scope: 'read:console',
    summary: 'Console messages as they come.',
    source: streams.console,
    feed: { limit: 1000, gap: gapFrame },
  });
}

function serve(app: App, { url, scope, summary, source, feed, first }: SocketRoute): void {
  app.route({
    method: 'GET',
    url,
    config: { declared: { access: scope, summary, isSocket: true } },
    handler: (_request, reply) => {
      reply.header('upgrade', 'websocket');
      throw coded('NOT_A_WEBSOCKET', {});
    },
    wsHandler: (socket, request) => {
      app.parts.liveness.watch(socket);
      const begin = () => {
        const taker = new SocketFeed(socket, feed);
        const leave = source.add(taker);
        socket.on('close', () => {
          leave();
          taker.ended();
        });
        const frame = first?.();
        if (frame !== undefined) taker.offer(frame);
      };
      new SocketAdmission(app, { socket, request, scope }, begin).start();
    },
  });
}
