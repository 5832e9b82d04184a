import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { coded } from '../protocol/error-codes.ts';
import { Subscriber } from '../streams/subscriber.ts';
import type { App } from './declaration.ts';
import { sendJson } from './forward.ts';
import { gapFrame } from './gap-frame.ts';
import { paramsOf, valueOf } from './request-params.ts';

const MOST_WAITING = 1000;

const LinesWanted = Type.Object({ nlines: Type.Optional(Type.Union([Type.Integer(), Type.Null()])) });
const MessagesWanted = Type.Object({
  last_msg_uid: Type.String({ description: "'ALL', or the UID of the last message" }),
});
const envelope = { success: Type.Boolean(), msg: Type.String() };

const json = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

/** The console output of manager and worker, for those who ask, who wait for more, and who read a stream. */
export function consoleRoutes(app: App): void {
  const { console } = app.parts;

  app.route({
    method: 'GET',
    url: '/console_output',
    config: {
      declared: {
        access: 'read:console',
        summary: 'The last lines of the console, as a terminal would show them; 200 unless `nlines` says otherwise.',
        params: LinesWanted,
        result: Type.Object({ ...envelope, text: Type.String() }),
      },
    },
    handler: (request, reply) => {
      const lines = valueOf(paramsOf(request, LinesWanted), 'nlines');
      if (lines !== undefined && lines !== null && typeof lines !== 'number') {
        throw coded('INVALID_REQUEST', { what: "'nlines'", rule: 'an integer', received: JSON.stringify(lines) });
      }
      const text = lines === null ? console.text() : console.text(lines ?? 200);
      return sendJson(reply, json({ success: true, msg: '', text }));
    },
  });

  app.route({
    method: 'GET',
    url: '/console_output/uid',
    config: {
      declared: {
        access: 'read:console',
        summary: 'Changes whenever the console output does.',
        result: Type.Object({ ...envelope, console_output_uid: Type.String() }),
      },
    },
    handler: (_request, reply) =>
      sendJson(reply, json({ success: true, msg: '', console_output_uid: console.textUid })),
  });

  app.route({
    method: 'GET',
    url: '/console_output_update',
    config: {
      declared: {
        access: 'read:console',
        summary: 'The messages after the one that the client has, and the UID to ask with next.',
        params: MessagesWanted,
        result: Type.Object({
          ...envelope,
          console_output_msgs: Type.Array(Type.Object({ time: Type.Number(), msg: Type.String() })),
          last_msg_uid: Type.String(),
        }),
      },
    },
    handler: (request, reply) => {
      const uid = valueOf(paramsOf(request, MessagesWanted), 'last_msg_uid');
      if (uid === undefined) throw coded('MISSING_KEYS', { keys: "{'last_msg_uid'}" });
      // What is no UID is one that nobody knows.
      const since = console.since(typeof uid === 'string' ? uid : '');
      // Exactly these four members: Phoebus reads them with a strict mapper.
      return sendJson(reply, json({ ...since, success: true, msg: '' }));
    },
  });

  app.route({
    method: 'GET',
    url: '/stream_console_output',
    config: {
      declared: {
        access: 'read:console',
        summary: 'Console messages as they come: JSON objects one after another, without newlines.',
        produces: 'text/plain',
      },
    },
    handler: (request, reply) => stream(app, request, reply),
  });
}

function stream(app: App, request: FastifyRequest, reply: FastifyReply): void {
  const subscriber = new Subscriber<Buffer>(MOST_WAITING);
  const leave = app.parts.streams.console.add(subscriber);
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.setHeader('content-type', 'text/plain; charset=utf-8');
  // The client shall know that it listens before there is something to hear.
  reply.raw.flushHeaders();
  const frames = Readable.from(chunks(subscriber), { objectMode: false });
  // A stream has no word for why it ends.
  const door = app.parts.openDoors.open(request.principal, 'read:console', () => reply.raw.destroy());
  reply.raw.once('close', () => {
    door.leave();
    leave();
    subscriber.close();
    frames.destroy();
  });
  frames.pipe(reply.raw);
}

async function* chunks(subscriber: Subscriber<Buffer>): AsyncGenerator<Buffer> {
  for await (const { frame, missed } of subscriber) {
    if (missed > 0) yield gapFrame(missed);
    yield frame;
  }
}
