import { expect, test } from 'vitest';
import { Device, RedundantStaging } from '../../../../src/worker/devices/device.ts';
import { NotConnectedError } from '../../../../src/worker/devices/not-connected.ts';
import type { Place } from '../../../../src/worker/devices/part.ts';
import { MemoryBackend } from '../../../../src/worker/devices/signal/memory-backend.ts';
import { Signal } from '../../../../src/worker/devices/signal/signal.ts';
import { deviceOf } from '../../../../src/worker/startup/device-names.ts';

const facts = { dtype: 'number', shape: [], isWritable: true } as const;
const signal = (value: number) => (place: Required<Place>) =>
  new Signal<number>(new MemoryBackend(`soft://${place.name}`, value, { ...facts, shape: [] }), place);

class Axis extends Device {
  readonly readback = this.add('readback', 'hinted', signal(1), this.name);
  readonly setpoint = this.add('setpoint', 'normal', signal(2));
  readonly velocity = this.add('velocity', 'config', signal(3));
  readonly secret = this.add('secret', 'omitted', signal(4));
}
class Table extends Device {
  readonly x = this.add('x', 'normal', (place) => new Axis(place));
}

test('a device reads its hinted and normal parts and is configured by its config parts, those of sub-devices too', async () => {
  const table = new Table({ name: 'table' });

  expect(await table.read()).toMatchObject({ table_x: { value: 1 }, table_x_setpoint: { value: 2 } });
  expect(Object.keys(await table.describe())).toEqual(['table_x', 'table_x_setpoint']);
  expect(await table.readConfiguration()).toMatchObject({ table_x_velocity: { value: 3 } });
  expect(Object.keys(await table.describeConfiguration())).toEqual(['table_x_velocity']);
  expect(table.hints).toEqual({ fields: ['table_x'] });
});

test('parts have dotted names', () => {
  const table = new Table({ name: 'table' });
  expect(deviceOf({ table }, 'table.x.velocity')).toBe(table.x.velocity);
  expect(table.x.parent).toBe(table);
});

test('configuring answers with the configuration before and after, and refuses what is none', async () => {
  const axis = new Axis({ name: 'a' });

  const [before, after] = await axis.configure({ velocity: 5 });
  expect([before['a_velocity']?.value, after['a_velocity']?.value]).toEqual([3, 5]);

  await expect(axis.configure({ speed: 1 })).rejects.toThrow('There is no signal named speed');
  await expect(axis.configure({ setpoint: 1 })).rejects.toThrow('setpoint is not one of the configuration_fields');
});

test('staging stages the parts that are read; twice is refused', () => {
  const axis = new Axis({ name: 'a' });

  expect(axis.stage()).toEqual([axis, axis.readback, axis.setpoint]);
  expect(() => axis.stage()).toThrow(RedundantStaging);
  expect(axis.unstage()).toEqual([axis, axis.setpoint, axis.readback]);
  axis.stage();
});

test('a device that is not connected names every part that is silent, and what else is wrong', async () => {
  class Two extends Device {
    readonly one = this.add('one', 'normal', (place) => new Signal('ca://ONE', place));
    readonly two = this.add('two', 'normal', (place) => new Signal('ca://TWO', place));
  }
  const silent = (source: string): Error => new NotConnectedError([source], 1);
  const connect = (failure: (source: string) => Error): Promise<void> =>
    new Two({ name: 'd' }).connect(
      {
        backend: (source) => {
          throw failure(source);
        },
        motions: { begin: () => () => undefined },
      },
      1,
    );

  await expect(connect(silent)).rejects.toThrow('Not connected within 1 s: ca://ONE, ca://TWO');
  await expect(connect((source) => (source === 'ca://ONE' ? silent(source) : new Error('no name')))).rejects.toThrow(
    'd cannot be connected: no name; Not connected within 1 s: ca://ONE',
  );
});
