import { describe, expect, test } from 'vitest';
import { ManagerClient } from '../../src/manager-client/manager-client.ts';
import type { LinkState } from '../../src/manager-client/link-states.ts';
import { queueClear, queueGet, queueStart } from '../../src/protocol/methods/queue.ts';
import { ScriptedManager } from '../support/scripted-manager.ts';

function connectedTo(manager: ScriptedManager, timeoutMs = 2000) {
  const client = new ManagerClient({
    controlAddress: manager.controlAddress,
    infoAddress: manager.infoAddress,
    timeoutMs,
    onError: (error) => {
      throw error;
    },
  });
  client.start();
  const until = (state: LinkState) =>
    new Promise<void>((resolve) => {
      if (client.link === state) return resolve();
      const stop = client.events.on('link', (now) => {
        if (now !== state) return;
        stop();
        resolve();
      });
    });
  return { client, until, [Symbol.dispose]: () => client.close() };
}

describe('the link to the manager', () => {
  test('carries many requests at once, and each gets its own reply', async () => {
    using manager = await ScriptedManager.started((_, { n }) => ({ success: true, n }));
    using link = connectedTo(manager);

    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, n) => link.client.call(queueGet, JSON.stringify({ n }))),
    );

    expect(replies.map((reply) => (JSON.parse(reply) as { n: number }).n)).toEqual(replies.map((_, n) => n));
  });

  test('params reach the manager as they were written', async () => {
    using manager = await ScriptedManager.started();
    using link = connectedTo(manager);

    await link.client.call(queueClear, '{"a": 1.0, "b": 9223372036854775808}', { trace: 'r-7' });

    expect(manager.received[0]?.text).toBe('{"method":"queue_clear","params":{"a": 1.0, "b": 9223372036854775808}}');
    expect(manager.received[0]?.trace).toContain('r-7');
  });

  test('silence ends a request at its deadline, and the late reply answers no other', async () => {
    const late = Promise.withResolvers<Record<string, unknown>>();
    using manager = await ScriptedManager.started((method) =>
      method === 'queue_start' ? late.promise : { success: true, msg: method },
    );
    using link = connectedTo(manager, 100);
    await link.until('connected');
    const seenLate = new Promise((resolve) => link.client.events.on('late', resolve));

    await expect(link.client.call(queueStart, '{}')).rejects.toMatchObject({ code: 'MANAGER_SILENT' });
    late.resolve({ success: true, msg: 'too late' });

    expect(await seenLate).toEqual({ method: 'queue_start' });
    expect(await link.client.call(queueClear, '{}')).toContain('queue_clear');
  });

  test('the death of the manager answers what it had, long before the deadline', async () => {
    using manager = await ScriptedManager.started(() => new Promise(() => undefined));
    using link = connectedTo(manager, 60_000);
    await link.until('connected');
    const pending = link.client.call(queueStart, '{}');
    const refused = expect(pending).rejects.toMatchObject({ code: 'MANAGER_SILENT' });
    await manager.untilReceived('queue_start');

    manager.die();

    await refused;
  });

  test('while the manager is away requests are refused at once, and are not carried out when it is back', async () => {
    using manager = await ScriptedManager.started();
    using link = connectedTo(manager);
    await link.until('connected');
    manager.die();
    await link.until('away');
    const begun = performance.now();

    await expect(link.client.call(queueStart, '{}')).rejects.toMatchObject({ code: 'MANAGER_SILENT' });
    expect(performance.now() - begun).toBeLessThan(100);
    await manager.comeBack();
    await link.until('connected');
    await link.client.call(queueClear, '{}');

    expect(manager.received.map(({ method }) => method)).toEqual(['queue_clear']);
  });

  test('a manager that is back within the grace loses no request that waited for it', async () => {
    using manager = await ScriptedManager.started();
    using link = connectedTo(manager);
    await link.until('connected');
    manager.die();
    await link.until('connecting');
    const reply = link.client.call(queueClear, '{}');

    await manager.comeBack();

    expect(await reply).toContain('"success":true');
  });

  test('what the manager publishes arrives with its text', async () => {
    using manager = await ScriptedManager.started();
    using link = connectedTo(manager);
    const status = new Promise((resolve) => link.client.events.on('status', resolve));
    const line = new Promise<{ text: string; msg: unknown }>((resolve) => link.client.events.on('console', resolve));

    await manager.untilHeard(status);
    await manager.publishConsole('Starting the plan\n');

    expect((await line).msg).toBe('Starting the plan\n');
    expect(JSON.parse((await line).text)).toMatchObject({ msg: 'Starting the plan\n' });
  });

  test('a manager that publishes again may be asked at once, although its control socket is a moment behind', async () => {
    // Given a manager that was away for so long that requests are refused
    using manager = await ScriptedManager.started();
    using link = connectedTo(manager);
    await link.until('connected');
    manager.die();
    await link.until('away');

    // When it is heard again
    await manager.comeBack();
    const heard = new Promise((resolve) => link.client.events.on('status', resolve));
    await manager.untilHeard(heard);

    // Then a request is answered
    expect(JSON.parse(await link.client.call(queueGet, '{}'))).toMatchObject({ success: true });
  });

  test('a manager that is heard before it was given up is not given up, however far its control socket is behind', async () => {
    // Given a manager whose death is known, but not yet taken for long
    using manager = await ScriptedManager.started();
    using link = connectedTo(manager);
    await link.until('connected');
    const states: LinkState[] = [];
    link.client.events.on('link', (state) => states.push(state));
    manager.die();
    await link.until('connecting');

    // When it publishes for longer than a silent one is waited for, and only then can be asked
    await manager.comeBack('publisher');
    let frames = 0;
    const heardLong = new Promise<void>((resolve) => {
      link.client.events.on('status', () => ++frames === 150 && resolve());
    });
    await manager.untilHeard(heardLong);
    const reply = link.client.call(queueGet, '{}');
    await manager.comeBack('router');

    // Then the request that waited for it is answered
    expect(JSON.parse(await reply)).toMatchObject({ success: true });
    expect(states).toEqual(['connecting', 'connected']);
  });
});
