import { describe, expect, test } from 'vitest';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline, count, Detector } from './beamline.ts';

describe('metadata', () => {
  test('of the call counts more than that of the message, and that more than that of the session', async () => {
    const beamline = new Beamline({ md: { beamline: 'X', sample: 'session', operator: 'session' } });
    const plan = function* named(): Plan<void> {
      yield msg('open_run', null, [], { sample: 'plan', operator: 'plan' });
      yield msg('close_run');
    };
    await beamline.engine.run(plan, { operator: 'call' });
    expect(beamline.last('start')).toMatchObject({
      beamline: 'X',
      sample: 'plan',
      operator: 'call',
      plan_name: 'named',
      plan_type: 'generator',
    });
  });

  test('numbers scans onward from the session, and asks a source that may be slow', async () => {
    const first = new Beamline({ md: { scan_id: 41 } });
    await first.engine.run(count(new Detector()));
    expect([first.last('start')['scan_id'], first.engine.md['scan_id']]).toEqual([42, 42]);

    const second = new Beamline({ scanIdSource: async () => 314_159 });
    expect(await second.engine.run(count(new Detector()))).toMatchObject({ scan_ids: [314_159] });
  });

  test.each([
    [{ 'a.b': 1 }, "without '.' and '/', received 'a.b'"],
    [{ a: { 'b/c': 1 } }, "received 'b/c' (in 'a.b/c')"],
    [{ sample: [1, 2] }, "make 'sample' a string or a dictionary"],
    [{ owner: 7 }, "'owner' must be a string, received 7"],
    [{ callback: () => 1 }, "'callback' must be data, received a function"],
    [{ device: new Detector() }, "'device' must be data, received a Detector"],
  ])('that a document cannot hold is refused by name: %j', async (metadata, complaint) => {
    const beamline = new Beamline();
    const outcome = await beamline.engine.run(count(new Detector()), metadata);
    expect(outcome).toMatchObject({ exit_status: 'fail', reason: expect.stringContaining(complaint) });
    expect(beamline.names).toEqual([]);
  });

  test('is copied: what changes afterwards does not change the document', async () => {
    const beamline = new Beamline();
    const grid = new Float64Array([1, 2]);
    const md = { nested: { list: [1] }, grid, gone: undefined, sample: { 'any.key': 1 } };
    await beamline.engine.run(count(new Detector()), md);
    md.nested.list.push(2);
    expect(beamline.last('start')).toMatchObject({ nested: { list: [1] }, grid: [1, 2], sample: { 'any.key': 1 } });
    expect(beamline.last('start')).not.toHaveProperty('gone');
  });
});
