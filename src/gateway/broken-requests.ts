import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

const STATUS_OF: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** Answers what is no HTTP, or not all of it. It never becomes a request, and has `detail` all the same. */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, reason] = STATUS_OF[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify({ detail: reason });
  const head = [`HTTP/1.1 ${status} ${reason}`, 'content-type: application/json', `content-length: ${body.length}`];
  socket.write(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** Answers a request that has no route to ask about it, such as one with half an escape in its URL. */
export function answerUnroutable(error: Error & { statusCode?: number }, _: FastifyRequest, reply: FastifyReply): void {
  void reply.code(error.statusCode ?? 400).send({ detail: error.message });
}
