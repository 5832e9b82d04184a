import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfigFiles } from '../../../src/config/config-files.ts';
import { aFolder } from '../../support/supervised.ts';

/** A folder with these files; `read` reads it, or one file of it. */
function configFolder(files: Readonly<Record<string, string>>) {
  const folder = aFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
  return {
    path: folder.path,
    read: (name = '', reading: Partial<Parameters<typeof readConfigFiles>[1]> = {}) =>
      readConfigFiles(join(folder.path, name), { environment: {}, ...reading }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe('a configuration', () => {
  test('is one file, or all files of a folder together', () => {
    using folder = configFolder({ 'a.yml': 'network: {port: 1}\n', 'b.yml': 'worker: {depth: 2}\n' });
    expect(folder.read('a.yml').content).toEqual({ network: { port: 1 } });
    expect(folder.read().content).toEqual({ network: { port: 1 }, worker: { depth: 2 } });
  });

  test('passes over hidden files, Python files and their cache', () => {
    using folder = configFolder({ 'a.yml': 'network: {}\n', '.b.yml': ': x', 'c.py': ': x' });
    mkdirSync(join(folder.path, '__pycache__'));
    expect(folder.read().content).toEqual({ network: {} });
  });

  test('may be an empty folder', () => {
    using folder = configFolder({});
    expect(folder.read().content).toEqual({});
  });

  test('has each section in one file, and says which two have it', () => {
    using folder = configFolder({ 'a.yml': 'network: {}\n', 'b.yml': 'network: {}\n' });
    expect(() => folder.read()).toThrow(
      `'network' can only be specified in one file. It was found in both ${folder.path}/a.yml and ${folder.path}/b.yml`,
    );
  });

  test('joins the lists that may stand in several files', () => {
    using folder = configFolder({ 'a.yml': 'allow_origins: [x]\n', 'b.yml': 'allow_origins: [y]\n' });
    expect(folder.read('', { joined: ['allow_origins'] }).content).toEqual({ allow_origins: ['x', 'y'] });
  });

  test('follows YAML 1.1, as the originals do: yes, on and off are truth values', () => {
    using folder = configFolder({ 'a.yml': 'network: {one: yes, two: off, three: "on"}\n' });
    expect(folder.read().content).toEqual({ network: { one: true, two: false, three: 'on' } });
  });
});

describe('variables', () => {
  const environment = { HOME_DIR: '/home/x', EMPTY: '' };

  test('are expanded in texts, however deep, and an unset one stays as it is written', () => {
    using folder = configFolder({
      'a.yml': 'section: {list: [$HOME_DIR/y, "${HOME_DIR}y"], key: "${UNSET}-$EMPTY-"}\n',
    });
    expect(folder.read('', { environment }).content).toEqual({
      section: { list: ['/home/x/y', '/home/xy'], key: '${UNSET}--' },
    });
  });

  test('are left alone in keys', () => {
    using folder = configFolder({ 'a.yml': '$HOME_DIR: 1\n' });
    expect(folder.read('', { environment }).content).toEqual({ $HOME_DIR: 1 });
  });
});

describe('a place', () => {
  test('is the line of a key or element, or of the nearest around it that is written', () => {
    using folder = configFolder({ 'a.yml': '# comment\nauthentication:\n  providers:\n    - one\n    - two\n' });
    const config = folder.read();
    const file = `${folder.path}/a.yml`;
    expect(config.placeOf(['authentication'])).toBe(`${file}:2`);
    expect(config.placeOf(['authentication', 'providers'])).toBe(`${file}:3`);
    expect(config.placeOf(['authentication', 'providers', 1])).toBe(`${file}:5`);
    expect(config.placeOf(['authentication', 'secret', 'deep'])).toBe(`${file}:2`);
    expect(config.placeOf(['absent'])).toBe(folder.path);
  });
});

describe('refused with file and line is', () => {
  test.each([
    ['what is no YAML', 'network:\n  key: [1\n', ':3: Flow sequence in block collection must be'],
    ['a key that stands twice', 'network: {}\nworker: {}\nnetwork: {}\n', ':3: Map keys must be unique'],
    ['an unknown tag', 'network:\n  key: !secret x\n', ':2: Unresolved tag: !secret'],
    ['an alias to nothing', 'network: *nowhere\n', ': Unresolved alias'],
    ['an empty file', '', ': a config file must hold sections by name, received nothing'],
    ['a list', '- network\n', ': a config file must hold sections by name, received a list'],
  ])('%s', (_, text, sentence) => {
    using folder = configFolder({ 'a.yml': text });
    expect(() => folder.read()).toThrow(`${folder.path}/a.yml${sentence}`);
  });

  test('a path to nothing', () => {
    using folder = configFolder({});
    expect(() => folder.read('absent')).toThrow(`The config path '${folder.path}/absent' doesn't exist.`);
  });
});
