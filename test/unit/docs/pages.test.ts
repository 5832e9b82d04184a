import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as settings from '../../../src/config/settings.ts';
import type { Setting } from '../../../src/config/setting.ts';
import { linksOf, pages } from '../../support/pages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const all = Object.values(settings).flatMap((table) => Object.values<Setting>(table));

/** What pages say of programs, but for the page that lists what is *not* offered. */
const statements = [...pages].filter(([path]) => path !== 'docs/reference/differences.md');
/** The places where `pattern` is found, each with its page, which is named when one is wrong. */
const found = (pattern: RegExp) =>
  statements.flatMap(([path, text]) => [...text.matchAll(pattern)].map(([, word]) => ({ path, word: word as string })));

test('every link leads to a file', () => {
  const links = [...pages.keys()].flatMap((path) => linksOf(path).map((target) => ({ path, target })));
  expect(links.length).toBeGreaterThan(30);
  expect(links.filter(({ target }) => !existsSync(join(root, target)))).toEqual([]);
});

test('every page can be reached from the README', () => {
  const reached = new Set<string>();
  const follow = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    linksOf(path).forEach(follow);
  };
  follow('README.md');
  expect([...pages.keys()].filter((path) => path !== 'CHANGELOG.md' && !reached.has(path))).toEqual([]);
});

test('every command of beamgate that a page names is there', () => {
  const commands = new Set([...read('src/cli/main.ts').matchAll(/name: '([a-z-]+)',/g)].map(([, name]) => name));
  const named = found(/(?:^|[`/ ])beamgate ([a-z][a-z-]+)/gm).filter(({ path }) => path !== 'CONTRIBUTING.md');
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter(({ word }) => !commands.has(word))).toEqual([]);
});

test('every option that a page gives to beamgate is one of the settings', () => {
  const options = new Set(all.map(({ option }) => option?.split(' ')[0]));
  const lines = found(/(beamgate (?:start|stop|ps|manager|gateway|worker|check-config|ioc)\b[^`\n]*)/g);
  const named = lines.flatMap(({ path, word }) =>
    [...word.matchAll(/--[a-z-]+/g)].map(([option]) => ({ path, option })),
  );
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter(({ option }) => !options.has(option))).toEqual([]);
});

test('every variable that a page names is read', () => {
  const config = globSync('src/config/*.ts', { cwd: root }).map(read).join('');
  const written = config.match(/\b(?:QSERVER|BEAMGATE)_[A-Z_]+[A-Z]\b/g) ?? [];
  const variables = new Set([...written, ...all.flatMap(({ env }) => env ?? [])]);
  const named = found(/\b((?:QSERVER|BEAMGATE)_[A-Z_]+[A-Z])\b/g);
  expect(named.length).toBeGreaterThan(5);
  // Tests read the place of the recordings.
  expect(named.filter(({ word }) => word !== 'BEAMGATE_VECTORS' && !variables.has(word))).toEqual([]);
});

test('every URL that a page names is served', () => {
  const { paths } = JSON.parse(read('openapi/openapi.json')) as { paths: Record<string, unknown> };
  const named = found(/(\/api\/[a-z_/{}-]*[a-z}])/g);
  expect(named.length).toBeGreaterThan(15);
  // Of `/api/items/{uid}` what stands before its parameter is found.
  const served = new Set(Object.keys(paths).flatMap((path) => [path, path.replace(/\/\{.*$/, '')]));
  expect(named.filter(({ word }) => !served.has(word))).toEqual([]);
});

test('every file of the repository that a page names is there', () => {
  const named = found(/`((?:src|test|docs|examples|scripts|bench|bin|openapi)\/[\w./-]*)`/g);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ word }) => !existsSync(join(root, word)))).toEqual([]);
});

test('every script that a page names is one of package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = found(/\bnpm run ([a-z:]+)/g);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(({ word }) => !(word in scripts))).toEqual([]);
});
