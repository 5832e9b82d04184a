import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { beamgate, freePorts } from '../support/beamline.ts';
import { ManagerPlace } from '../support/manager-process.ts';
import { aFolder } from '../support/supervised.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/beamgate', import.meta.url));
const PLAN = "{'name': 'count', 'args': [['det1', 'det2']], 'kwargs': {'num': 3}}";

const qserverOf =
  (place: ManagerPlace) =>
  (words: string[], environment: Record<string, string> = {}) =>
    beamgate(['qserver', ...words, '--zmq-control-addr', place.settings.zmq_control_addr], environment);

describe('beamgate qserver', () => {
  test('prints the reply as the original does and ends with 0', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const { code, output } = await qserverOf(place)(['queue', 'get']);

    expect(code).toBe(0);
    const [head, time, ...reply] = output.split('\n');
    expect(head).toBe("Arguments: ['queue', 'get']");
    expect(time).toMatch(/^\d\d:\d\d:\d\d - MESSAGE: $/);
    const uid = /'plan_queue_uid': '([0-9a-f-]{36})'/.exec(output)?.[1];
    expect(reply.join('\n')).toBe(
      [
        "{'success': True,",
        " 'msg': '',",
        " 'items': [],",
        " 'running_item': {},",
        ` 'plan_queue_uid': '${uid}'}`,
        '',
      ].join('\n'),
    );
  });

  test('puts plans where they are to go, and moves and takes them', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const qserver = qserverOf(place);
    const namesNow = async () => {
      const { items } = await place.must('queue_get');
      return (items as { name: string }[]).map(({ name }) => name);
    };

    await qserver(['queue', 'add', 'plan', PLAN]);
    await qserver([
      'queue',
      'add',
      'plan',
      'front',
      PLAN.replace('count', 'scan').replace(']]', "], 'motor', -1, 1, 3]"),
    ]);
    await qserver(['queue', 'add', 'instruction', '2', 'queue-stop']);
    expect(await namesNow()).toEqual(['scan', 'count', 'queue_stop']);

    await qserver(['queue', 'item', 'move', '-2', '0']);
    expect(await namesNow()).toEqual(['count', 'scan', 'queue_stop']);

    expect((await qserver(['queue', 'item', 'remove', '-3'])).output).toContain("'name': 'count'");
    expect(await namesNow()).toEqual(['scan', 'queue_stop']);
  });

  test('ends with 2 when the manager refuses, and says why', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const { code, output } = await qserverOf(place)(['queue', 'add', 'plan', "{'name': 'no_such_plan'}"]);
    expect(code).toBe(2);
    expect(output).toContain("'success': False");
    expect(output).toContain("'msg': \"Failed to add an item: Plan validation failed: Plan 'no_such_plan' is \"");
  });

  test('ends with 1 when what is typed is no command, and sends nothing', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const { code, output } = await qserverOf(place)(['queue', 'add', 'plan', PLAN, '10']);
    expect(code).toBe(1);
    expect(output).toContain("ERROR:qserver:Invalid command or parameters: Unknown option '10' in the command");
    expect((await place.status()).items_in_queue).toBe(0);
  });

  test('ends with 3 when no manager replies', async () => {
    const [port] = await freePorts(1);
    const { code, output } = await beamgate(['qserver', 'status', '-a', `tcp://127.0.0.1:${port}`]);
    expect(code).toBe(3);
    expect(output).toMatch(/\d\d - ERROR: ZMQ communication error: timeout occurred/);
  });

  test('loads neither the declarations of methods nor what reads config files, which take longer than all else', () => {
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });`;
    const { stderr } = spawnSync(LAUNCHER, ['qserver', 'look'], {
      env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` },
      encoding: 'utf8',
    });
    expect(stderr).toContain('src/cli/qserver/main.ts');
    expect(stderr).toContain("Unrecognized command 'look'");
    expect(stderr).not.toMatch(/node_modules\/(typebox|yaml|fastify)\//);
  });

  test.each([[[]], [['--no-such-option', 'status']]])(
    'ends with 2 on the command line %j, as Python does',
    async (line) => {
      expect((await beamgate(['qserver', ...line])).code).toBe(2);
    },
  );

  test('takes the address by its former option, and says what is to be used', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const { code, output } = await beamgate(['qserver', 'ping', '--address', place.settings.zmq_control_addr]);
    expect(code).toBe(0);
    expect(output).toContain('--address is deprecated and will be removed in future releases. Use --zmq-control-addr');
  });

  test('takes the address from the environment, and rather from the option', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const nowhere = { QSERVER_ZMQ_CONTROL_ADDRESS: 'tcp://127.0.0.1:1' };
    const here = { QSERVER_ZMQ_CONTROL_ADDRESS: place.settings.zmq_control_addr };
    expect((await beamgate(['qserver', 'ping'], here)).code).toBe(0);
    expect((await qserverOf(place)(['ping'], nowhere)).code).toBe(0);
  });

  test('shows large lists by their names alone', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const { output } = await qserverOf(place)(['allowed', 'plans']);
    expect(output).toContain("'count': '{...}'");
  });

  test('locks, works under the lock and unlocks with its key', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const qserver = qserverOf(place);
    const withKey = ['-k', 'sesame'];

    expect((await qserver([...withKey, 'lock', 'queue', 'back in an hour'])).output).toContain(
      "'note': 'back in an hour'",
    );
    expect((await qserver(['queue', 'clear'])).code).toBe(2);
    expect((await qserver(['queue', 'clear', ...withKey])).code).toBe(0);
    expect((await qserver([...withKey, 'unlock'])).code).toBe(0);
    expect((await place.status()).lock).toEqual({ environment: false, queue: false });
  });

  test('does a whole session with a worker', async () => {
    await using place = await ManagerPlace.start();
    const qserver = qserverOf(place);
    expect((await qserver(['environment', 'open'])).code).toBe(0);
    await place.until((status) => status.worker_environment_exists && status.manager_state === 'idle');

    await qserver(['queue', 'add', 'plan', PLAN]);
    await qserver(['queue', 'start']);
    await place.until((status) => status.items_in_history === 1 && status.manager_state === 'idle');

    expect((await qserver(['history', 'get'])).output).toContain("'exit_status': 'completed'");
    const script = join(place.settings.data_dir, 'script.ts');
    writeFileSync(script, 'export const answer = (): number => 42;\n');
    expect((await qserver(['script', 'upload', script, 'keep-lists'])).code).toBe(0);
    await place.until((status) => status.manager_state === 'idle');
    const { output } = await qserver(['function', 'execute', "{'name': 'answer'}"]);
    expect(output).toContain("'item_type': 'function'");
  });

  test('monitors until Ctrl-C, and ends with 0', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const { child, untilPrinted, output } = started(['qserver', 'monitor', '-a', place.settings.zmq_control_addr]);
    await untilPrinted(/MESSAGE: [^]*MESSAGE: /);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(output()).toContain('Running QServer monitor. Press Ctrl-C to exit ...');
    expect(output()).toContain('\nThe program was manually stopped.');
  });
});

describe('beamgate console-monitor', () => {
  test('shows what is printed, as it is published, until Ctrl-C', async () => {
    await using place = await ManagerPlace.withoutWorker();
    const { child, untilPrinted } = started(['console-monitor', '--zmq-info-addr', place.settings.zmq_info_addr]);
    // The subscription takes its time: ask until something comes.
    const asking = setInterval(() => void place.call('queue_clear').catch(() => undefined), 50);
    await untilPrinted(/^\[I .*Clearing the queue \.\.\./m);
    clearInterval(asking);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

describe('beamgate zmq-keys', () => {
  const keyOf = (output: string, which: string) =>
    new RegExp(`^ ${which} key \\(.*\\): +(\\S{40})$`, 'm').exec(output)?.[1];

  test('makes a pair, and finds the public key of a private one again', async () => {
    const made = await beamgate(['zmq-keys']);
    const found = await beamgate(['zmq-keys', '--zmq-private-key', keyOf(made.output, 'Private') ?? '']);
    expect(found.code).toBe(0);
    expect(keyOf(found.output, 'Public')).toBe(keyOf(made.output, 'Public'));
    expect(keyOf(found.output, 'Public')).toHaveLength(40);
  });

  test('ends with 4 on what is no key', async () => {
    const { code, output } = await beamgate(['zmq-keys', '--zmq-private-key', 'abc']);
    expect(code).toBe(4);
    expect(output).toContain(
      "Failed to generate keys: Invalid key 'abc': the key must be a 40 byte z85 encoded string",
    );
  });
});

describe('beamgate clear-lock', () => {
  test('takes the lock away from the store of a manager that has ended', async () => {
    await using place = await ManagerPlace.withoutWorker();
    await place.must('lock', { environment: true, note: 'lost', lock_key: 'sesame', user: 'Ann' });
    const clear = () => beamgate(['clear-lock', '--data-dir', place.settings.data_dir]);

    const refused = await clear();
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/Failed to clear RE Manager lock: .*process \d+/);

    await place.killManager();
    const { code, output } = await clear();
    expect(code).toBe(0);
    expect(output).toContain("'note': 'lost'");
    expect(output).toContain('RE Manager lock was cleared.');
    expect((await clear()).output).toBe('No lock was detected.\n');

    await place.startManager();
    expect((await place.status()).lock).toEqual({ environment: false, queue: false });
  });

  test('names the store that is not there', async () => {
    using folder = aFolder();
    const { code, output } = await beamgate(['clear-lock', '--data-dir', join(folder.path, 'nowhere')]);
    expect(code).toBe(1);
    expect(output).toContain(`there is no store '${join(folder.path, 'nowhere', 'queue.sqlite')}'`);
  });
});

describe('beamgate list-plans-devices', () => {
  const listsIn = (folder: string) =>
    parse(readFileSync(join(folder, 'existing_plans_and_devices.yaml'), 'utf8')) as Record<
      string,
      Record<string, object>
    >;

  test('writes the plans and devices of startup code to a file, connects to none, and ends', async () => {
    // Given startup code with a plan, a device that is nowhere, and a timer that never ends
    using folder = aFolder();
    writeFileSync(
      join(folder.path, 'startup.ts'),
      `import { definePlan, EpicsSignal, integer } from 'beamgate/startup';
       export const answer = definePlan({ name: 'answer', description: 'Nothing.', parameters: { n: integer('how many') } }, function* () {});
       export const nowhere = new EpicsSignal('nowhere', 'NO:SUCH:PV');
       setInterval(() => undefined, 1000);\n`,
    );

    const { code, output } = await beamgate([
      'list-plans-devices',
      '--startup-dir',
      folder.path,
      '--file-dir',
      folder.path,
    ]);

    expect(output).toContain('The list of existing plans and devices was created successfully.');
    expect(code).toBe(0);
    const lists = listsIn(folder.path);
    expect(Object.keys(lists['existing_plans'] ?? {})).toEqual(['answer']);
    expect(lists['existing_devices']).toMatchObject({ nowhere: { classname: 'EpicsSignal', is_readable: true } });
  });

  test('lists as many levels of devices as are wanted', async () => {
    using folder = aFolder();
    const args = ['--startup-profile', 'sim', '--file-dir', folder.path, '--device-max-depth', '1'];
    expect((await beamgate(['list-plans-devices', ...args])).code).toBe(0);
    expect(listsIn(folder.path)['existing_devices']?.['sim_bundle_A']).not.toHaveProperty('components');
  });

  test('ends with 1 and the place of the error when the startup code fails, and writes nothing', async () => {
    using folder = aFolder();
    writeFileSync(join(folder.path, 'startup.ts'), '\nthrow new Error("no beam");\n');
    const args = ['--startup-script', join(folder.path, 'startup.ts'), '--file-dir', folder.path];
    const { code, output } = await beamgate(['list-plans-devices', ...args]);
    expect(code).toBe(1);
    expect(output).toMatch(/ERROR:list-plans-devices:Operation failed \.\.\.\n.*no beam[^]*startup\.ts:2/);
    expect(() => listsIn(folder.path)).toThrow('ENOENT');
  });

  test('ends with 1 when no startup code is named', async () => {
    const { code, output } = await beamgate(['list-plans-devices']);
    expect(code).toBe(1);
    expect(output).toContain('Source of the startup code was not specified');
  });
});

/** `beamgate …` that goes on until it is stopped. */
function started(args: string[]) {
  const child = spawn(LAUNCHER, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const wanted = { pattern: /$^/, found: Promise.withResolvers<void>() };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (wanted.pattern.test(text)) wanted.found.resolve();
    });
  }
  child.once('exit', () => wanted.found.reject(new Error(`ended with:\n${text}`)));
  const untilPrinted = (pattern: RegExp) => {
    wanted.pattern = pattern;
    if (pattern.test(text)) wanted.found.resolve();
    return wanted.found.promise;
  };
  return { child, untilPrinted, output: () => text };
}
