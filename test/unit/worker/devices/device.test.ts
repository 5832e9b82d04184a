import { expect, test } from 'vitest';
import { Device, RedundantStaging } from '../../../../src/worker/devices/device.ts';
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

test('a device that is not connected names every part that is missing', async () => {
  class Two extends Device {
    readonly one = this.add('one', 'normal', (place) => new Signal('ca://ONE', place));
    readonly two = this.add('two', 'normal', (place) => new Signal('ca://TWO', place));
  }
  const context = {
    backend: (source: string): never => {
      throw new Error(`${source} is silent`);
    },
    motions: { begin: () => () => undefined },
  };

  await expect(new Two({ name: 'd' }).connect(context, 1)).rejects.toThrow(
    'd is not connected: ca://ONE is silent; ca://TWO is silent',
  );
});
