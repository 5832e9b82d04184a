import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the running code lies: a checkout runs its sources, a package its `dist`. */
const here = fileURLToPath(import.meta.url);
const isBuilt = extname(here) === '.js';
const packageRoot = dirname(dirname(isBuilt ? dirname(dirname(here)) : dirname(here)));

export const packageVersion = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

/** A file of ours, named without its ending: `codeFile('src/worker/main')`. */
export function codeFile(path: string): string {
  return isBuilt ? join(packageRoot, 'dist', `${path}.js`) : join(packageRoot, `${path}.ts`);
}

/** How one of our processes is started: this Node, with what it was told. */
export function nodeCommand(path: string, ...args: string[]): string[] {
  return [process.execPath, ...process.execArgv, codeFile(path), ...args];
}

/** The demo beamline's startup module: a source in a checkout, built in a package. */
export function demoStartup(): string {
  const file = codeFile('examples/demo-beamline/startup');
  return existsSync(file) ? file : join(packageRoot, 'examples/demo-beamline/startup.ts');
}
