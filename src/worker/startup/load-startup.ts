import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isPlainObject } from '../../lib/plain-object.ts';
import type { WorkerSettings } from '../../config/process-settings.ts';
import { isStartupModule } from '../../config/startup-code.ts';
import { type Profile, simProfile } from './sim-profile/profile.ts';
import { StartupError, startupError } from './startup-error.ts';

/**
 * Runs the startup code that the settings name. A folder's modules run in the order of their names, later ones after
 * earlier ones; every export becomes part of the namespace by its name, and so does every member of a default export
 * that is a plain object. An export `metadata` is what every start document is to say.
 * @throws StartupError naming file, line and the offending name
 */
export async function loadStartup({ profile, dir, module }: WorkerSettings['startup']): Promise<Profile> {
  if (profile === 'sim') return simProfile();
  if (dir !== null) return loadFolder(dir);
  if (module !== null) return loadModule(absolute(module));
  throw new StartupError('The settings name no startup code: neither a profile, nor a folder, nor a module', '');
}

/** Where the startup code lies, as a URL that ends with a slash; this process's folder when it is our own profile. */
export function startupFolder({ dir, module }: WorkerSettings['startup']): string {
  const folder = dir ?? (module === null ? process.cwd() : dirname(module));
  return pathToFileURL(`${folder}/`).href;
}

async function loadFolder(dir: string): Promise<Profile> {
  const profiles: Profile[] = [];
  for (const path of await modulesIn(dir)) profiles.push(await loadModule(path));
  return joined(profiles);
}

async function modulesIn(dir: string): Promise<string[]> {
  const names = await readdir(absolute(dir)).catch((error: Error) => {
    throw new StartupError(`The startup folder '${dir}' cannot be read: ${error.message}`, '', { cause: error });
  });
  const modules = names.filter(isStartupModule).sort((a, b) => (a < b ? -1 : 1));
  if (modules.length === 0) throw new StartupError(`The startup folder '${dir}' has no TypeScript or JavaScript`, '');
  return modules.map((name) => join(dir, name));
}

function absolute(path: string): string {
  if (isAbsolute(path)) return path;
  throw new StartupError(`The startup code's path must be absolute, received '${path}'`, '');
}

async function loadModule(path: string): Promise<Profile> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) throw new StartupError(`There is no startup module '${path}'`, '');
  try {
    return profileOf((await import(pathToFileURL(path).href)) as Record<string, unknown>);
  } catch (error) {
    throw startupError(error, path);
  }
}

export function profileOf(exports: Readonly<Record<string, unknown>>): Profile {
  const { default: collection, metadata = {}, ...named } = exports;
  return {
    namespace: { ...(isPlainObject(collection) ? collection : {}), ...named },
    metadata: isPlainObject(metadata) ? metadata : {},
  };
}

const joined = (profiles: readonly Profile[]): Profile => ({
  namespace: Object.assign({}, ...profiles.map(({ namespace }) => namespace)) as Profile['namespace'],
  metadata: Object.assign({}, ...profiles.map(({ metadata }) => metadata)) as Profile['metadata'],
});
