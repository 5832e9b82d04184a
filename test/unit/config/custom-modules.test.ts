import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { gatewayValues } from '../../../src/config/gateway-values.ts';
import { customModulesOf } from '../../../src/config/custom-modules.ts';

const modules = (QSERVER_CUSTOM_MODULES: string, environment: Record<string, string> = {}) =>
  customModulesOf(gatewayValues({ options: {}, environment: { QSERVER_CUSTOM_MODULES, ...environment } }));
const FILE = 'vitest.config.ts';

test('custom modules are files between commas or colons', () => {
  expect(modules(`${FILE}, ${FILE}:${FILE}`)).toEqual(Array(3).fill(resolve(FILE)));
  expect(modules('')).toEqual([]);
});

test('the older variable counts where the newer one says nothing', () => {
  expect(modules('', { QSERVER_CUSTOM_MODULE: FILE })).toEqual([resolve(FILE)]);
});

test('a module of Python is refused with the way to write it anew, a missing file by its name', () => {
  expect(() => modules('my_beamline.spreadsheets')).toThrow(
    /^QSERVER_CUSTOM_MODULES must name .* received 'my_beamline.spreadsheets'\. Python modules cannot run in this gateway/,
  );
  expect(() => modules('nowhere.ts')).toThrow("must name files that exist, received 'nowhere.ts'");
});
