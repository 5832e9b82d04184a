import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { METHODS } from '../../../src/protocol/methods/index.ts';

const root = new URL('../../../', import.meta.url);
const document = JSON.parse(readFileSync(new URL('openapi/openapi.json', root), 'utf8')) as {
  openapi: string;
  paths: Record<string, Record<string, { summary?: string; security?: unknown[] }>>;
};
const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ name: `${verb} ${path}`, ...operation })),
);

test('openapi.json is what the routes declare now (else: npm run generate)', () => {
  execFileSync(process.execPath, ['scripts/generate.ts', '--check'], { cwd: root, stdio: 'pipe' });
});

/** The original has no route for it. */
const OVER_0MQ_ALONE = 'manager_test';

test('every method of the manager can be called over REST', () => {
  const summaries = new Set(operations.map(({ summary }) => summary));
  const missing = [...METHODS.values()].filter(({ summary }) => !summaries.has(summary));
  expect(missing.map(({ name }) => name)).toEqual([OVER_0MQ_ALONE]);
});

test('only health, and what is asked before there are credentials, asks for none', () => {
  const open = operations.filter(({ security }) => security?.length === 0);
  expect(open.map(({ name }) => name).toSorted()).toEqual([
    'get /api/auth/about',
    // Looks at the key that is shown by itself, as the original does.
    'get /api/auth/apikey',
    // A sign-in at somebody else's page begins and ends without credentials of ours.
    'get /api/auth/provider/{provider}/authorize',
    'get /api/auth/provider/{provider}/code',
    'get /api/health/live',
    'get /api/health/ready',
    'post /api/auth/provider/{provider}/device',
    'post /api/auth/provider/{provider}/device/token',
    'post /api/auth/provider/{provider}/token',
    'post /api/auth/session/refresh',
  ]);
});
