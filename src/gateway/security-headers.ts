import helmet from '@fastify/helmet';
import type { App } from '../routes/declaration.ts';

/**
 * Replies of the API are data: nothing in them may be run, framed or taken for fresh. Pages get what helmet gives pages; setting its
 * dozen headers on each of thousands of replies a second would cost more than the replies.
 */
export function secureReplies(app: App): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    if (request.url.startsWith('/api')) {
      reply.header('cache-control', 'no-cache');
      reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    }
    done();
  });
}

/** For the pages alone; the documentation brings its own content policy. */
export const securePages = async (pages: App): Promise<void> => {
  await pages.register(helmet, { contentSecurityPolicy: false });
};
