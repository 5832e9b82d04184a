import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { environment } from './environment.ts';
import type { ManagerValues } from './manager-values.ts';
import { absolutePath } from './paths.ts';
import type { WorkerSettings } from './process-settings.ts';
import { SettingRefused } from './setting.ts';

/** Which startup code a worker runs, and where the lists and permissions that belong to it are looked for. */
export interface StartupCode {
  readonly startup: WorkerSettings['startup'];
  /** null: nowhere in particular. */
  readonly listsDir: string | null;
  /** False where nothing is said: then it is the simulated profile, or the demo. */
  readonly isNamed: boolean;
}

const SIM: WorkerSettings['startup'] = { profile: 'sim', dir: null, module: null };

/** Modules that may be part of a startup folder; declarations are not. */
const MODULE = /(?<!\.d)\.[mc]?[jt]s$/;
export const isStartupModule = (name: string): boolean => MODULE.test(name);
const isPython = (name: string): boolean => /\.i?py$/.test(name);

/**
 * Options that name a place go before the config file as a whole: a module of an option leaves a folder of the file unused.
 * @throws SettingRefused for what is not there, and for Python code
 */
export function startupOf(values: ManagerValues): StartupCode {
  if (values.useIpythonKernel.value === 'ON') {
    throw new SettingRefused(
      `${values.useIpythonKernel.from} needs the Python worker, which Beamgate does not have: use OFF, with startup code in ` +
        'TypeScript (--startup-dir, --startup-module)',
    );
  }
  const { startupDir, startupModule, startupScript, startupProfile, ipythonDir } = values;
  const places = [startupDir, startupModule, startupScript, startupProfile, ipythonDir];
  const isByOption = places.some(({ origin }) => origin === 'option');
  const named = ({ value, origin }: ManagerValues['startupDir']) => (!isByOption || origin === 'option' ? value : null);

  const module = [startupModule, startupScript].find((each) => named(each) !== null);
  if (module) return { startup: moduleAt(module), listsDir: profileDir(values), isNamed: true };
  if (named(startupDir) !== null) return folderAt(startupDir.from, absolutePath(startupDir.value ?? ''));
  if (named(startupProfile) === null && named(ipythonDir) === null) {
    return { startup: SIM, listsDir: null, isNamed: false };
  }
  const dir = profileDir(values);
  if (dir === null) return { startup: SIM, listsDir: null, isNamed: true };
  return folderAt((startupProfile.value === null ? ipythonDir : startupProfile).from, dir);
}

/** Where IPython keeps the startup code of a profile; null when none is named, or it is the simulated one. */
function profileDir({ startupProfile, ipythonDir }: ManagerValues): string | null {
  if (startupProfile.value === 'sim' || (startupProfile.value === null && ipythonDir.value === null)) return null;
  const root = ipythonDir.value ?? environment()['IPYTHONDIR'] ?? join(homedir(), '.ipython');
  const dir = join(absolutePath(root), `profile_${startupProfile.value ?? 'default'}`, 'startup');
  // The profile of the original's demo, which it makes anew at each start.
  return startupProfile.value === 'collection_sim' && !existsSync(dir) ? null : dir;
}

function moduleAt({ value, from }: ManagerValues['startupModule']): WorkerSettings['startup'] {
  const path = absolutePath(value ?? '');
  if (isPython(path) || (!existsSync(path) && /^[\w]+(\.\w+)*$/.test(value ?? '')))
    throw needsPython(from, value ?? '');
  if (!existsSync(path)) throw new SettingRefused(`${from} must name what exists, received '${value}'`);
  return { profile: null, dir: null, module: path };
}

function folderAt(from: string, dir: string): StartupCode {
  const found = statSync(dir, { throwIfNoEntry: false });
  if (found === undefined) throw new SettingRefused(`${from}: Startup directory '${dir}' does not exist`);
  if (!found.isDirectory()) throw new SettingRefused(`${from}: Startup directory '${dir}' is not a directory`);
  const names = readdirSync(dir);
  const own: StartupCode = { startup: { profile: null, dir, module: null }, listsDir: dir, isNamed: true };
  const python = names.filter(isPython);
  if (python.length === 0 || names.some(isStartupModule)) return own;
  if (isOriginalSimulation(dir, python)) return { ...own, startup: SIM };
  throw needsPython(from, dir);
}

const needsPython = (from: string, received: string): SettingRefused =>
  new SettingRefused(
    `${from} names Python code, '${received}', which needs the Python worker, and Beamgate does not have one: write the startup ` +
      'code in TypeScript (docs/how-to/replace-the-originals.md)',
  );

/** `profile_collection_sim` as it comes with bluesky-queueserver 0.0.25: SHA-256 of each file. */
const ORIGINAL_SIMULATION: Readonly<Record<string, string>> = {
  '00-ophyd.py': 'a06b4463855ac56c4c0a29e0df9b24475c2f89d54c51d2ed96eff2d4035f02df',
  '05-run-engine.py': '1010722d6ed74d05b2c431a082bd4efb21df74ccba7126b1189d07bc4de9379f',
  '15-plans.py': '0828a612bfc1873a3473e8e7b20da1cba36876c301fc7e306d46d234648b5c3e',
  '99-custom.py': '88b84bb661517ce598cfd27a8ae4a0864e9c0abc51a276847321a851c73345ab',
};

/** A copy of the original's simulation, as its demos and tests make them, stands for the simulated profile. */
function isOriginalSimulation(dir: string, python: readonly string[]): boolean {
  if (python.length !== Object.keys(ORIGINAL_SIMULATION).length) return false;
  return python.every((name) => ORIGINAL_SIMULATION[name] === sha256(join(dir, name)));
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
