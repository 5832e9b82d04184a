import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = resolve(import.meta.dirname, '../..');
const CONFIGURATION = [
  'tsconfig.json',
  'knip.json',
  '.prettierrc.json',
  '.prettierignore',
  '.oxlintrc.json',
  '.dependency-cruiser.mjs',
  'scripts/check.ts',
  'scripts/check-imports.ts',
];
/** Some more than the fewest that the check of imports is content with. */
const PARTS = 60;

/**
 * A folder that the steps of `npm run check` can look at in no time: this repository's configuration, and a source tree
 * of tiny files without a fault.
 */
export class SmallTree {
  readonly path = mkdtempSync(join(tmpdir(), 'beamgate-check-'));

  static withoutFaults(): SmallTree {
    const tree = new SmallTree();
    for (const file of CONFIGURATION) tree.copy(file);
    const names = Array.from({ length: PARTS }, (_, index) => `part${String(index)}`);
    const description = { name: 'small-tree', type: 'module', devDependencies: { 'dependency-cruiser': '*' } };
    tree.write('package.json', `${JSON.stringify(description, null, 2)}\n`);
    for (const name of names) tree.write(`src/lib/${name}.ts`, `export const ${name} = '${name}';\n`);
    const imports = names.map((name) => `import { ${name} } from '../lib/${name}.ts';\n`);
    const uses = names.map((name) => `process.stdout.write(${name});\n`);
    tree.write('src/worker/main.ts', `${imports.join('')}\n${uses.join('')}`);
    return tree;
  }

  /** Our own sources, beside copies of what is generated from them. */
  static ofOurSources(): SmallTree {
    const tree = new SmallTree();
    for (const file of ['package.json', 'scripts', 'docs/reference', 'openapi', '.prettierrc.json']) tree.copy(file);
    tree.remove('src');
    symlinkSync(join(ROOT, 'src'), join(tree.path, 'src'));
    return tree;
  }

  private constructor() {
    symlinkSync(join(ROOT, 'node_modules'), join(this.path, 'node_modules'));
    // What is not there, the linter would refuse to look at.
    for (const folder of ['src', 'test', 'scripts', 'examples', 'bench']) mkdirSync(join(this.path, folder));
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), content);
  }

  copy(file: string): void {
    cpSync(join(ROOT, file), join(this.path, file), { recursive: true });
  }

  remove(file: string): void {
    rmSync(join(this.path, file), { recursive: true });
  }

  /** Runs one step of the check; tells how it ended, and all that it said. */
  async check(step: string): Promise<{ code: number; output: string }> {
    const path = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
    const child = spawn(process.execPath, ['scripts/check.ts', step], {
      cwd: this.path,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
    const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, output: output + errors };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
