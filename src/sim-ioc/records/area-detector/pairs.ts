import { AnalogRecord, type AnalogOptions } from '../analog.ts';
import { DiscreteRecord, type DiscreteOptions } from '../discrete.ts';
import type { EpicsRecord } from '../record.ts';
import type { FieldValue } from '../value.ts';
import { WaveformRecord } from '../waveform.ts';

const LONGEST_PATH = 256;

/** The pairs `X`, `X_RBV` of one part of an area detector: what is written shows in the read-back. */
export class Pairs {
  readonly records: EpicsRecord[] = [];
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  number(name: string, type: 'ao' | 'longout', options: AnalogOptions = {}): AnalogRecord {
    const input = type === 'ao' ? 'ai' : 'longin';
    const readback = this.add(new AnalogRecord(`${this.#prefix}${name}_RBV`, input, options));
    const device = (): void => readback.update(output.value.value);
    const output: AnalogRecord = this.add(new AnalogRecord(`${this.#prefix}${name}`, type, { ...options, device }));
    return output;
  }

  choice(name: string, states: readonly string[], options: Omit<DiscreteOptions, 'states'> = {}): DiscreteRecord {
    const readback = this.add(new DiscreteRecord(`${this.#prefix}${name}_RBV`, 'mbbi', { ...options, states }));
    const device = (): void => readback.update(output.value.value);
    const output: DiscreteRecord = this.add(
      new DiscreteRecord(`${this.#prefix}${name}`, 'mbbo', { device, ...options, states }),
    );
    return output;
  }

  /** A text of up to 255 bytes, as bytes. `written` hears of each new one. */
  path(name: string, written: (text: string) => void = () => undefined): WaveformRecord {
    const options = { elements: 'CHAR', capacity: LONGEST_PATH, value: new Uint8Array() } as const;
    const readback = this.add(new WaveformRecord(`${this.#prefix}${name}_RBV`, options));
    const device = (): void => {
      readback.update(output.value.value);
      written(textOf(output.value.value));
    };
    const output: WaveformRecord = this.add(new WaveformRecord(`${this.#prefix}${name}`, { ...options, device }));
    return output;
  }

  add<R extends EpicsRecord>(record: R): R {
    this.records.push(record);
    return record;
  }
}

/** Up to the first zero byte. */
export const textOf = (value: FieldValue): string => {
  const bytes = value instanceof Uint8Array ? value : new Uint8Array();
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8');
};
