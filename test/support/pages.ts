import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a person reads, by its path in the repository. */
export const pages: ReadonlyMap<string, string> = new Map(
  ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })].map((path) => [
    path,
    readFileSync(join(root, path), 'utf8'),
  ]),
);

/** Files of the repository that a page links to. */
export function linksOf(path: string): string[] {
  const targets = [...(pages.get(path) ?? '').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
    ([, target]) => target as string,
  );
  return targets.map((target) => normalize(join(dirname(path), target)));
}
