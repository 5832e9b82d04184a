import { spawnSync } from 'node:child_process';

// The whole gate without the tests. Every step runs, whatever the ones before it found.
const STEPS: Record<string, string[]> = {
  types: ['tsc', '--noEmit', '-p', '.'],
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  lint: ['oxlint', '--type-aware', 'src', 'test', 'scripts', 'examples', 'bench'],
  unused: ['knip'],
  imports: [process.execPath, 'scripts/check-imports.ts'],
  generated: [process.execPath, '--conditions=beamgate-source', 'scripts/generate.ts', '--check'],
};

const failed: string[] = [];
for (const [name, [command, ...args]] of Object.entries(STEPS)) {
  const { status } = spawnSync(command as string, args, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exit(1);
}
