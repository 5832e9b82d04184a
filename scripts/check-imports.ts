import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';

// The rules of .dependency-cruiser.mjs, and two that it cannot see: who reads the environment, and who touches signals.

const cruise = spawnSync('depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'], {
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024,
});
interface Cruised {
  modules: { source: string }[];
  summary: { violations: { rule: { name: string; severity: string }; from: string; to: string }[] };
}
const { modules, summary } = JSON.parse(cruise.stdout) as Cruised;
const files = globSync('src/**/*.ts');
const seen = new Set(modules.map(({ source }) => source));
const failures = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);

const unseen = files.filter((file) => !seen.has(file));
if (files.length < 50 || unseen.length > 0) {
  failures.push(
    `the import check saw ${files.length - unseen.length} of ${files.length} files; not ${unseen.join(', ')}`,
  );
}

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  if (/process\.env\b/.test(text) && !file.startsWith('src/config/')) {
    failures.push(`only config reads the environment: ${file}`);
  }
  if (
    /process\.(exit\(|on\(\s*'SIG|once\(\s*'SIG)/.test(text) &&
    !/(^|\/)main\.ts$/.test(file) &&
    file !== 'src/cli/alone.ts'
  ) {
    failures.push(`only main.ts files touch signals and end the process: ${file}`);
  }
}

if (failures.length > 0) {
  console.error(failures.join('\n'));
  process.exit(1);
}
console.log(`imports: ${files.length} files, no violation`);
