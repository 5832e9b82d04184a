import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pages } from '../../support/pages.ts';

const FOLDER = 'docs/decisions/';
const index = pages.get(`${FOLDER}README.md`) ?? '';
const decisions = [...pages]
  .filter(([path]) => /^docs\/decisions\/\d/.test(path))
  .toSorted(([a], [b]) => (a < b ? -1 : 1));

interface Package {
  readonly license: string;
  readonly version: string;
}
const manifest = (path: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')) as unknown;

test('decisions are numbered without a gap, and the index has each by its title', () => {
  expect(decisions.map(([path]) => Number(path.slice(FOLDER.length, FOLDER.length + 4)))).toEqual(
    decisions.map((_, position) => position + 1),
  );
  const rows = decisions.map(([path, text]) => {
    const [, number, title] = /^# (\d{4}) (.+)$/m.exec(text) ?? [];
    return `| [${number}](${path.slice(FOLDER.length)}) | ${title} |`;
  });
  expect(rows.filter((row) => !index.replace(/ +\|/g, ' |').includes(row))).toEqual([]);
});

test.each(decisions)('%s says context, decision, consequences and who does otherwise, on one page', (_path, text) => {
  const parts = [...text.matchAll(/^\*\*(.+?)\.\*\*/gm)].map(([, part]) => part);
  expect(parts).toEqual(['Context', 'Decision', 'Consequences', 'Seen elsewhere']);
  expect(text.split('\n').length).toBeLessThan(60);
});

test('each dependency stands in its table, with the version and the licence that are installed', () => {
  const [, text] = decisions.find(([path]) => path.includes('dependencies')) as [string, string];
  const table = new Map(
    [...text.matchAll(/^\| (@?[a-z][^ ]+) (\d[^ |]*) +\| ([^|]+?) +\|/gm)].map(([, name, version, license]) => [
      name,
      `${version} ${license}`,
    ]),
  );
  const { dependencies } = manifest('package.json') as { dependencies: Record<string, string> };
  const installed = Object.keys(dependencies).map((name) => {
    const { version, license } = manifest(`node_modules/${name}/package.json`) as Package;
    return [name, `${version} ${license}`] as const;
  });
  expect(table).toEqual(new Map(installed));
});
