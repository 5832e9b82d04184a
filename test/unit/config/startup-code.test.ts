import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { managerValues } from '../../../src/config/manager-values.ts';
import { startupOf } from '../../../src/config/startup-code.ts';
import { aFolder } from '../../support/supervised.ts';

const codeOf = (options: Record<string, string>) => startupOf(managerValues({ options, environment: {} }));

/** A folder with these files in `profile_x/startup`. */
function aProfile(...names: string[]) {
  const folder = aFolder();
  const startup = join(folder.path, 'profile_x', 'startup');
  mkdirSync(startup, { recursive: true });
  for (const name of names) writeFileSync(join(startup, name), '');
  return { root: folder.path, startup, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}
const SIM = { profile: 'sim', dir: null, module: null };

describe('the startup code', () => {
  test('is the simulated profile where nothing is named', () => {
    expect(codeOf({})).toEqual({ startup: SIM, listsDir: null, isNamed: false });
  });

  test.each(['sim', 'collection_sim'])('is the simulated profile when %s is named', (startupProfile) => {
    using profile = aProfile();
    const named = codeOf(startupProfile === 'sim' ? { startupProfile } : { startupProfile, ipythonDir: profile.root });
    expect(named).toEqual({ startup: SIM, listsDir: null, isNamed: true });
  });

  test('is the folder of a profile, with its lists', () => {
    using profile = aProfile('startup.ts');
    const dir = profile.startup;
    expect(codeOf({ startupProfile: 'x', ipythonDir: profile.root })).toEqual({
      startup: { profile: null, dir, module: null },
      listsDir: dir,
      isNamed: true,
    });
  });

  test('is a module, with the lists of a profile', () => {
    using profile = aProfile('startup.ts');
    const module = join(profile.startup, 'startup.ts');
    expect(codeOf({ startupModule: module, startupProfile: 'x', ipythonDir: profile.root })).toEqual({
      startup: { profile: null, dir: null, module },
      listsDir: profile.startup,
      isNamed: true,
    });
  });
});

describe('refused is', () => {
  test('a kernel of IPython, by what asks for it', () => {
    expect(() => codeOf({ useIpythonKernel: 'ON' })).toThrow('--use-ipython-kernel needs the Python worker');
  });

  test('a folder with Python code', () => {
    using profile = aProfile('00-ophyd.py');
    expect(() => codeOf({ startupDir: profile.startup })).toThrow(
      `--startup-dir names Python code, '${profile.startup}', which needs the Python worker`,
    );
  });

  test.each(['some.startup.module', '/x/startup.py'])('the Python module %s', (startupModule) => {
    expect(() => codeOf({ startupModule })).toThrow(`--startup-module names Python code, '${startupModule}'`);
  });

  test('what is not there', () => {
    using profile = aProfile();
    const absent = join(profile.root, 'absent');
    expect(() => codeOf({ startupDir: absent })).toThrow(`Startup directory '${absent}' does not exist`);
    expect(() => codeOf({ startupScript: `${absent}.ts` })).toThrow('--startup-script must name what exists');
  });
});
