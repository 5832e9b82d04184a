import type { App } from '../routes/declaration.ts';

export const BODY_LIMIT = 1024 * 1024;

/**
 * How bodies come in: as the text that was sent, on every method, whatever the content type says, or with none. Clients of
 * the original send bodies with GET and DELETE, empty ones that are called JSON, and JSON that is called nothing.
 */
export function acceptBodies(app: App): void {
  for (const method of ['GET', 'DELETE']) app.addHttpMethod(method, { hasBody: true, overrideExisting: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body === '' ? undefined : body);
  });
}
