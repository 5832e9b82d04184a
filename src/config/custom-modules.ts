import { existsSync } from 'node:fs';
import { absolutePath } from './paths.ts';
import { SettingRefused } from './setting.ts';
import type { Resolved } from './setting.ts';

/**
 * The files that are named as custom modules, between commas, colons or spaces; the older variable counts where the newer one
 * says nothing.
 * @throws SettingRefused for what is no file of ours: existing configurations name modules of Python
 */
export function customModulesOf(values: { customModules: Resolved; customModule: Resolved }): string[] {
  const { value, from } = values.customModules.value === null ? values.customModule : values.customModules;
  const names = (value ?? '').split(/[,:\s]+/).filter((name) => name !== '');
  return names.map((name) => customModule(name, from));
}

function customModule(name: string, from: string): string {
  if (!/\.[cm]?[jt]s$/.test(name)) {
    throw new SettingRefused(
      `${from} must name files in TypeScript or JavaScript, received '${name}'. Python modules cannot run in this gateway: ` +
        "docs/how-to/queue-from-a-spreadsheet.md tells how to write a beamline's format of spreadsheets anew",
    );
  }
  const path = absolutePath(name);
  if (!existsSync(path)) throw new SettingRefused(`${from} must name files that exist, received '${name}'`);
  return path;
}
