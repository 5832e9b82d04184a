import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { configuredAccess } from '../../src/gateway/access.ts';
import { gatewayConfigOf, readGatewayConfig } from '../../src/config/gateway-config/gateway-config.ts';
import { readConfigFiles } from '../../src/config/config-files.ts';
import { GATEWAY_SETTINGS } from '../../src/config/settings.ts';
import type { PyDict } from '../../src/lib/python-text/py-value.ts';
import { casesOf } from './recorded.ts';

interface FileCase {
  readonly id: string;
  readonly case: string;
  readonly files: Record<string, string>;
  readonly given: 'file' | 'directory';
  readonly result?: PyDict;
  readonly error?: { readonly message: string };
}
interface ConstructionCase {
  readonly id: string;
  readonly case: string;
  readonly config: PyDict;
  readonly result?: 'accepted';
  readonly error?: { readonly message: string };
}

/** What differs, and why it is right so. */
const DIFFERENT_SENTENCE: Readonly<Record<string, string>> = {
  tab: 'the parser is another: ours names the place, too',
  'sub-folder': 'the text is Python’s own for a folder that is opened as a file',
};
const REFUSED_HERE: Readonly<Record<string, string>> = {
  'ldap-template':
    'a template that is a number is told at the start; the original stumbles over it when somebody signs in',
};
const ACCEPTED_HERE: Readonly<Record<string, string>> = {
  'session-null':
    'the schema allows null, and it means that sessions have no end of their own; the original stumbles over it',
  'age-text': 'the schema has refused it before: this case skips the schema',
};

const folder = mkdtempSync(join(tmpdir(), 'beamgate-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const environment = { VECTOR_KEY: 'key-from-environment', VECTOR_HOST: 'host-from-environment' };

function written({ id, files, given }: FileCase): { dir: string; path: string } {
  const dir = join(folder, id);
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return { dir, path: given === 'file' ? join(dir, Object.keys(files)[0] ?? '') : dir };
}

const read = (path: string) => readGatewayConfig(path, { environment, settings: GATEWAY_SETTINGS });
const files = casesOf<FileCase>('http-auth-scopes', 'config-files');
const constructions = casesOf<ConstructionCase>('http-auth-scopes', 'config-construction');

function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('configuration files', () => {
  test.each(files.filter(({ result }) => result))('$id ($case) is read as it was', (recorded) => {
    const { path } = written(recorded);
    const { content } = readConfigFiles(path, { environment, joined: ['allow_origins'] });
    expect({ allow_origins: [], ...content }).toEqual(recorded.result);
    expect(() => read(path)).not.toThrow();
  });

  test.each(files.filter((each) => each.error && !(each.case in DIFFERENT_SENTENCE)))(
    '$id ($case) is refused in the same words',
    (recorded) => {
      const { dir, path } = written(recorded);
      expect(messageOf(() => read(path)).replaceAll(dir, '<dir>')).toBe(recorded.error?.message);
    },
  );

  test.each(files.filter((each) => each.case in DIFFERENT_SENTENCE))('$id ($case) is refused', (recorded) => {
    expect(messageOf(() => read(written(recorded).path))).toMatch(/a\.yml|config\.yml|sub/);
  });
});

describe('what configurations name', () => {
  const construct = (config: PyDict) =>
    configuredAccess(gatewayConfigOf(config, { settings: GATEWAY_SETTINGS, placeOf: () => '' }), {
      lifetimes: { access_token_max_age: 900, refresh_token_max_age: 900, session_max_age: null },
      onError: () => undefined,
    });

  test.each(constructions.filter((each) => each.error && !(each.case in ACCEPTED_HERE)))(
    '$id ($case) is refused in the same words',
    ({ config, error }) => {
      expect(messageOf(() => construct(config))).toBe(error?.message);
    },
  );

  test.each(constructions.filter((each) => each.case in REFUSED_HERE))('$id ($case) is refused', ({ config }) => {
    expect(messageOf(() => construct(config))).toContain("'bind_dn_template'");
  });

  const accepted = constructions.filter(({ result, ...each }) => (result && !(each.case in REFUSED_HERE)) ?? false);
  const both = [...accepted, ...constructions.filter((each) => each.case in ACCEPTED_HERE)];
  test.each(both)('$id ($case) is accepted', ({ config }) => {
    expect(() => construct(config)).not.toThrow();
  });
});
