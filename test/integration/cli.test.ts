import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { beamgate } from '../support/beamline.ts';
import { aFolder } from '../support/supervised.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/beamgate', import.meta.url));

describe('the command line', () => {
  test('shows where each setting comes from, and of a secret only that it is set', async () => {
    const { output } = await beamgate(['check-config', '--data-dir', '/somewhere'], {
      QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY: 'verysecret',
      QSERVER_ZMQ_CONTROL_ADDRESS: 'tcp://127.0.0.1:5',
    });

    expect(output).toMatch(/dataDir +\/somewhere +option --data-dir/);
    expect(output).toMatch(/zmqControlAddress +tcp:\/\/127\.0\.0\.1:5 +environment QSERVER_ZMQ_CONTROL_ADDRESS/);
    expect(output).toMatch(/zmqInfoAddr +tcp:\/\/127\.0\.0\.1:60625 +default/);
    expect(output).toMatch(/singleUserApiKey +set +environment/);
    expect(output).not.toContain('verysecret');
  });

  test('refuses an option that it does not know, naming the nearest one', async () => {
    const { code, output } = await beamgate(['manager', '--zmq-control-adr', 'x']);
    expect(code).toBe(1);
    expect(output).toContain("unknown option '--zmq-control-adr'");
    expect(output).toContain('--zmq-control-addr');
  });

  test.each([
    [['manager', '--zmq-encoding', 'xml'], "--zmq-encoding must be one of json, msgpack, received 'xml'"],
    [['manager', '--startup-dir', '/not/there'], "--startup-dir: Startup directory '/not/there' does not exist"],
    [
      ['manager', '--startup-dir', '/', '--startup-module', '/'],
      'Ambiguous location of startup code is specified in the CLI parameters: startup_dir',
    ],
    [['manager', '--verbose', '--quiet'], 'Only one of --verbose, --quiet and --silent may be given'],
    [['gateway', '--port', '99999'], "--port must be a whole number from 0 to 65535, received '99999'"],
  ])('refuses %j by a sentence', async (args, sentence) => {
    using folder = aFolder();
    const { code, output } = await beamgate([...args, '--data-dir', folder.path]);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toContain('    at '); // no stack
  });
});

describe('the launcher', () => {
  test('works through a link, from any folder', () => {
    using folder = aFolder();
    symlinkSync(LAUNCHER, join(folder.path, 'beamgate'));
    const { stdout } = spawnSync(join(folder.path, 'beamgate'), ['--version'], { cwd: '/', encoding: 'utf8' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('says what to install where the only Node is too old', () => {
    // Given a package without a pinned Node, and a PATH with an old one
    using folder = aFolder();
    mkdirSync(join(folder.path, 'bin'));
    writeFileSync(join(folder.path, 'node'), '#!/bin/sh\necho 20.1.0\n', { mode: 0o755 });
    spawnSync('cp', [LAUNCHER, join(folder.path, 'bin')]);

    const { status, stderr } = spawnSync(join(folder.path, 'bin/beamgate'), ['start'], {
      env: { PATH: `${folder.path}:/usr/bin:/bin` },
      encoding: 'utf8',
    });

    expect(status).toBe(1);
    expect(stderr).toContain('beamgate needs Node >= 24, and');
    expect(stderr).toContain('is 20.1.0. Install Node 24');
  });
});
