import { spawnSync } from 'node:child_process';

/**
 * The whole gate without the tests. Every step runs, whatever the ones before it found; `npm run check -- lint types` runs
 * the named ones alone.
 */
const STEPS: Record<string, string[]> = {
  types: ['tsc', '--noEmit', '-p', '.'],
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  lint: ['oxlint', '--type-aware', 'src', 'test', 'scripts', 'examples', 'bench'],
  unused: ['knip'],
  imports: [process.execPath, 'scripts/check-imports.ts'],
  generated: [process.execPath, '--conditions=beamgate-source', 'scripts/generate.ts', '--check'],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(STEPS, name));
if (unknown.length > 0) {
  console.error(`there is no step '${unknown.join("', '")}'; the steps are ${Object.keys(STEPS).join(', ')}`);
  process.exit(1);
}

const failed: string[] = [];
for (const [name, [command, ...args]] of Object.entries(STEPS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { status } = spawnSync(command as string, args, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exit(1);
}
