import { expect, test } from 'vitest';
import { withoutAlias } from '../../../src/gateway/aliases.ts';
import { redacted } from '../../../src/gateway/log.ts';

test.each([
  ['/api/status?api_key=secret', '/api/status?api_key=[redacted]'],
  ['/api/status/ws?x=1&ticket=secret&y=2', '/api/status/ws?x=1&ticket=[redacted]&y=2'],
  ['/api/status?API_KEY=secret', '/api/status?API_KEY=[redacted]'],
  ['/api/status?nlines=5', '/api/status?nlines=5'],
])('%s is logged as %s', (url, logged) => {
  expect(redacted(url)).toBe(logged);
});

test('an alias means the URL of the original, with its query', () => {
  expect(withoutAlias('/api/qserver/api/queue/get?x=1')).toBe('/api/queue/get?x=1');
  expect(withoutAlias('/api/qserver/console?ticket=t')).toBe('/api/console_output/ws?ticket=t');
  expect(withoutAlias('/api/status')).toBe('/api/status');
});
