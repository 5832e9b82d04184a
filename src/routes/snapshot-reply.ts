import { hash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { sendJson } from './forward.ts';

// As long as a snapshot lives, its tag is made once.
const tags = new WeakMap<Buffer, string>();

/**
 * Answers with a snapshot, or with 304 where the client has it already. The tag is made of the bytes: two groups may have
 * lists of their own under one UID.
 */
export function sendSnapshot(reply: FastifyReply, body: Buffer): FastifyReply {
  const tag = tags.get(body) ?? `"${hash('sha1', body, 'base64url')}"`;
  tags.set(body, tag);
  reply.header('etag', tag);
  return isNamed(tag, reply.request.headers['if-none-match']) ? reply.code(304).send() : sendJson(reply, body);
}

/** A weak tag is as good as a strong one for a read. */
function isNamed(tag: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return false;
  return wanted.split(',').some((each) => ['*', tag].includes(each.trim().replace(/^W\//, '')));
}
