import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SmallTree } from '../support/small-tree.ts';

interface Fault {
  readonly file: string;
  readonly content: string;
  readonly says: RegExp;
}

/** A step that cannot fail says nothing by passing. */
const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  types: [
    {
      file: 'src/lib/fault.ts',
      content: "export const one: number = 'one';\n",
      says: /src\/lib\/fault\.ts\(1,14\): error TS2322/,
    },
  ],
  format: [{ file: 'src/lib/fault.ts', content: 'export const one = "one";\n', says: /src\/lib\/fault\.ts/ }],
  lint: [
    {
      file: 'src/lib/fault.ts',
      content: 'Promise.resolve(1);\n',
      says: /no-floating-promises.*\n.*src\/lib\/fault\.ts/,
    },
    { file: 'test/fault.ts', content: 'export const one: any = 1;\n', says: /no-explicit-any.*\n.*test\/fault\.ts/ },
  ],
  unused: [
    { file: 'src/lib/fault.ts', content: 'export const one = 1;\n', says: /Unused files.*\n.*src\/lib\/fault\.ts/ },
    {
      file: 'src/config/main.ts',
      content: "import 'no-such-package';\n",
      says: /Unlisted dependencies.*\n.*no-such-package/,
    },
  ],
  imports: [
    {
      file: 'src/manager/fault.ts',
      content: "import type { Fault } from '../worker/fault.ts';\nexport type Other = Fault;\n",
      says: /manager never imports the worker nor the HTTP side: src\/manager\/fault\.ts/,
    },
    { file: 'src/worker/fault.ts', content: 'export interface Fault {}\n', says: /src\/worker\/fault\.ts/ },
    {
      file: 'src/lib/part0.ts',
      content: "import type { Circle } from './circle.ts';\nexport const part0: Circle = '';\n",
      says: /no-circles: src\/lib\/(part0|circle)\.ts/,
    },
    {
      file: 'src/lib/circle.ts',
      content: "import type { part0 } from './part0.ts';\nexport type Circle = string | typeof part0;\n",
      says: /no-circles/,
    },
    { file: 'src/lib/nowhere.ts', content: "import './no-such-file.ts';\n", says: /unresolved: src\/lib\/nowhere\.ts/ },
    {
      file: 'src/lib/home.ts',
      content: 'export const home = process.env.HOME;\n',
      says: /only config reads the environment: src\/lib\/home\.ts/,
    },
    {
      file: 'src/lib/end.ts',
      content: 'export const end = (): never => process.exit(1);\n',
      says: /only main\.ts files touch signals and end the process: src\/lib\/end\.ts/,
    },
  ],
};

describe.each(Object.entries(FAULTS))('the check of %s', (step, faults) => {
  test('passes where there is no fault', async () => {
    using tree = SmallTree.withoutFaults();
    expect(await tree.check(step)).toEqual({ code: 0, output: expect.stringContaining(`ok     ${step}`) });
  });

  test('names each fault, and fails', async () => {
    using tree = SmallTree.withoutFaults();
    for (const { file, content } of faults) tree.write(file, content);

    const { code, output } = await tree.check(step);

    expect(code).toBe(1);
    for (const { says } of faults) expect(output).toMatch(says);
  });
});

test('the check of imports fails where it sees hardly anything', async () => {
  using tree = SmallTree.withoutFaults();
  tree.remove('src/lib');
  expect(await tree.check('imports')).toMatchObject({ code: 1, output: expect.stringMatching(/saw \d of \d files/) });
});

test('the check of what is generated passes until a file differs', async () => {
  using tree = SmallTree.ofOurSources();
  expect(await tree.check('generated')).toMatchObject({ code: 0 });

  const page = 'docs/reference/errors.md';
  tree.write(page, `${readFileSync(join(tree.path, page), 'utf8')}\nBy hand.\n`);

  expect(await tree.check('generated')).toEqual({
    code: 1,
    output: expect.stringContaining(`${page} is out of date: run \`npm run generate\``),
  });
});

test('a step that does not exist is no step that passed', async () => {
  using tree = SmallTree.withoutFaults();
  expect(await tree.check('spelling')).toEqual({ code: 1, output: expect.stringContaining("no step 'spelling'") });
});
