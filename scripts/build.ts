import { spawnSync } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';

// Builds dist/ for the package: plain JavaScript with types, the demo beamline included.
rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
const built = globSync('dist/src/**/*.js').length;
const sources = globSync('src/**/*.ts').length;
if (status !== 0 || built < sources) {
  console.error(`build failed: ${built} of ${sources} sources were built`);
  process.exit(1);
}
console.log(`built ${built} files into dist/`);
