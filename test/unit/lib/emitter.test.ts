import { expect, test } from 'vitest';
import { Emitter } from '../../../src/lib/emitter.ts';

test('a listener that throws harms neither the emitter nor its neighbours', () => {
  const errors: unknown[] = [];
  const heard: number[] = [];
  const emitter = new Emitter<{ moved: number }>((error) => errors.push(error));
  emitter.on('moved', () => {
    throw new Error('broken listener');
  });
  emitter.on('moved', (position) => heard.push(position));

  emitter.emit('moved', 3);

  expect(heard).toEqual([3]);
  expect(errors).toMatchObject([{ message: 'broken listener' }]);
});

test('who has stopped listening hears nothing more', () => {
  const heard: number[] = [];
  const emitter = new Emitter<{ moved: number }>(() => undefined);
  const stop = emitter.on('moved', (position) => heard.push(position));

  emitter.emit('moved', 1);
  stop();
  emitter.emit('moved', 2);

  expect(heard).toEqual([1]);
});
