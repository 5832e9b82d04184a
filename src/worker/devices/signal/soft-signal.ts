import type { Place } from '../part.ts';
import type { Dtype } from '../protocols.ts';
import { MemoryBackend } from './memory-backend.ts';
import { Signal } from './signal.ts';

/**
 * A value that a beamline keeps beside its hardware: `softSignal({ name: 'sample', value: 'none', dtype: 'string' })`.
 * The dtype is declared, because JavaScript does not tell 1 from 1.0.
 */
export function softSignal<T>({ value, dtype, ...place }: Place & { value: T; dtype: Dtype }): Signal<T> {
  const shape = Array.isArray(value) ? [value.length] : [];
  return new Signal<T>(new MemoryBackend(`soft://${place.name}`, value, { dtype, shape, isWritable: true }), place);
}
