import type { FastifyRequest } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import { coded } from '../protocol/error-codes.ts';
import { Broadcast } from '../streams/broadcast.ts';
import { SocketFeed } from '../streams/socket-feed.ts';
import type { App } from './declaration.ts';
import { EventStream } from './event-stream.ts';
import { SocketAdmission } from './socket-admission.ts';

const TOPICS = ['events', 'status', 'console'] as const;
type Topic = (typeof TOPICS)[number];
const isTopic = (name: string): name is Topic => (TOPICS as readonly string[]).includes(name);

/** Close codes of ours: what is asked cannot be; it is asked by one who may not. */
const BAD_REQUEST = 4400;
const NOT_YOU = 4403;
const OPEN = 1;

interface Asked {
  readonly topics: readonly Topic[];
  readonly after: number | undefined;
}

/**
 * One socket for all that happens: `?topics=events,status,console`, events alone unless it says so. Each frame has its
 * topic and a number that rises in it; events are resumed by `?after=<number>`, without a gap or a double. A client that
 * reads too slowly gets the newest status, and is told how many frames of the others it has missed.
 */
export function streamRoutes(app: App): void {
  const { streams, statusFeed } = app.parts;
  const status = numbered('status', streams.status);
  const console = numbered('console', streams.console);

  app.route({
    method: 'GET',
    url: '/stream',
    config: {
      declared: {
        access: 'read:monitor',
        summary: 'Events, status and console on one socket, numbered; events are resumed by their number.',
        isSocket: true,
      },
    },
    handler: (_request, reply) => {
      reply.header('upgrade', 'websocket');
      throw coded('NOT_A_WEBSOCKET', {});
    },
    wsHandler: (socket, request) => {
      app.parts.liveness.watch(socket);
      new SocketAdmission(app, { socket, request, scope: 'read:monitor' }, () => begin(socket, request)).start();
    },
  });

  function begin(socket: WebSocket, request: FastifyRequest): void {
    const asked = askedIn(request.query as Record<string, unknown>);
    if (typeof asked === 'string') return socket.close(BAD_REQUEST, asked);
    if (asked.topics.includes('console') && !request.principal.scopes.has('read:console')) {
      return socket.close(NOT_YOU, "The topic 'console' needs the scope 'read:console'");
    }
    for (const topic of asked.topics) {
      const taker = new SocketFeed(socket, topic === 'status' ? { limit: 1 } : { limit: 1000, gap: gapOf(topic) });
      socket.on('close', () => taker.ended());
      if (topic === 'events') beginEvents(socket, taker, asked.after);
      else socket.on('close', (topic === 'status' ? status : console).add(taker));
      const known = topic === 'status' ? statusFeed.last : undefined;
      if (known !== undefined) taker.offer(framed('status', 0, known));
    }
  }

  function beginEvents(socket: WebSocket, taker: SocketFeed, after: number | undefined): void {
    const stream = new EventStream({
      feed: app.parts.feed,
      send: (frame) => taker.offer(frame),
      isOpen: () => socket.readyState === OPEN,
    });
    socket.on('close', () => stream.end());
    // When the gateway stops, this socket is closed with the others.
    socket.on('close', status.add({ offer: () => undefined, close: () => taker.close() }));
    stream.start(after).catch((error: unknown) => {
      app.log.error({ err: error }, 'a stream of events failed');
      socket.terminate();
    });
  }
}

/** The frames of a stream with their topic and number, made once for all who read them. */
function numbered(topic: Topic, source: Broadcast<Buffer>): Broadcast<Buffer> {
  const out = new Broadcast<Buffer>();
  let seq = 0;
  source.add({
    offer: (frame) => {
      seq++;
      if (out.size > 0) out.offer(framed(topic, seq, frame));
    },
    close: () => out.close(),
  });
  return out;
}

/** Frames are `{time, msg}` as they were published. */
const framed = (topic: Topic, seq: number, frame: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`{"topic":"${topic}","seq":${seq},`), frame.subarray(1)]);

const gapOf =
  (topic: Topic) =>
  (missed: number): Buffer =>
    Buffer.from(JSON.stringify({ topic, gap: { missed } }));

/** A sentence where it cannot be. */
function askedIn(query: Record<string, unknown>): Asked | string {
  const names = typeof query['topics'] === 'string' ? [...new Set(query['topics'].split(','))] : ['events'];
  const unknown = names.find((name) => !isTopic(name));
  if (unknown !== undefined) return `'topics' must be of ${TOPICS.join(', ')}, received '${unknown.slice(0, 40)}'`;
  const { after } = query;
  if (after === undefined) return { topics: names.filter(isTopic), after };
  if (typeof after !== 'string' || !/^\d{1,15}$/.test(after)) return "'after' must be the number of an event";
  return { topics: names.filter(isTopic), after: Number(after) };
}
