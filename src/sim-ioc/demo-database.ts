import { setTimeout as delay } from 'node:timers/promises';
import type { Access } from './access.ts';
import { AnalogRecord } from './records/analog.ts';
import { DiscreteRecord } from './records/discrete.ts';
import { CHANGE } from './records/field.ts';
import { MotorRecord } from './records/motor/motor-record.ts';
import type { EpicsRecord } from './records/record.ts';
import { ScalerRecord } from './records/scaler.ts';
import { TextRecord } from './records/text.ts';
import { WaveformRecord } from './records/waveform.ts';

const PEAK = { height: 1000, centre: 0, sigma: 0.5, background: 10 };
const EXPOSURE_MS = 20;
const COUNTER_MS = 1000;
const SLOW_MS = 500;

/** The demo beamline: two motors, a detector that peaks along the first, a scaler, a shutter, one of every record. */
export function demoRecords(): EpicsRecord[] {
  const motor = { velocity: 10, acceleration: 0.1, limits: [-100, 100], switches: [-110, 110], units: 'mm' } as const;
  const m1 = new MotorRecord('BGDEMO:m1', { ...motor, description: 'sample x' });
  const m2 = new MotorRecord('BGDEMO:m2', { ...motor, description: 'sample y' });

  const counts = () => {
    const distance = (m1.field('RBV').number - PEAK.centre) / PEAK.sigma;
    return PEAK.background + PEAK.height * Math.exp((-distance * distance) / 2);
  };
  const peak = new AnalogRecord('BGDEMO:peak', 'ai', { units: 'counts', precision: 1, value: counts() });
  m1.field('RBV').listen({ mask: CHANGE.VALUE, changed: () => peak.update(counts()) });
  const acquire = new DiscreteRecord('BGDEMO:peak:acquire', 'bo', {
    states: ['Done', 'Acquire'],
    description: 'expose once; a put-callback ends with the exposure',
    device: async (signal) => {
      await delay(EXPOSURE_MS, undefined, { signal });
      peak.update(counts());
    },
  });

  const status = new DiscreteRecord('BGDEMO:shutter:status', 'bi', { states: ['Closed', 'Open'] });
  const shutter = new DiscreteRecord('BGDEMO:shutter', 'bo', {
    states: ['Closed', 'Open'],
    device: async (signal) => {
      await delay(EXPOSURE_MS, undefined, { signal });
      status.update(shutter.value.number);
    },
  });
  const scaler = new ScalerRecord('BGDEMO:scaler', {
    names: ['clock', 'I0', 'peak'],
    rates: [() => 1e7, () => 5000, counts],
  });
  return [m1, m2, peak, acquire, shutter, status, scaler, new Counter('BGDEMO:counter'), ...oneOfEach()];
}

/** Counts up by itself, once a second, until the IOC closes. */
class Counter extends AnalogRecord {
  readonly #timer: NodeJS.Timeout;

  constructor(name: string) {
    super(name, 'longin', { units: 's' });
    this.#timer = setInterval(() => this.update(this.value.number + 1), COUNTER_MS).unref();
  }

  override close(): void {
    clearInterval(this.#timer);
    super.close();
  }
}

function oneOfEach(): EpicsRecord[] {
  const settings = { units: 'V', precision: 3, display: [-10, 10], drive: [-10, 10], warning: [-8, 8] } as const;
  return [
    new AnalogRecord('BGDEMO:ao', 'ao', settings),
    new AnalogRecord('BGDEMO:longout', 'longout', { units: 'steps' }),
    new DiscreteRecord('BGDEMO:bo', 'bo', { states: ['Off', 'On'] }),
    new DiscreteRecord('BGDEMO:mbbo', 'mbbo', { states: ['Off', 'Slow', 'Fast'] }),
    new TextRecord('BGDEMO:stringout', 'stringout', { value: 'a sample' }),
    new TextRecord('BGDEMO:lso', 'lso', { value: 'a text that is longer than a DBR_STRING can hold' }),
    new WaveformRecord('BGDEMO:waveform', {
      elements: 'DOUBLE',
      capacity: 1024,
      value: Float64Array.of(1, 2, 3),
      units: 'V',
    }),
    new WaveformRecord('BGDEMO:floats', { elements: 'FLOAT', capacity: 16, value: Float32Array.of(0.5, 1.5) }),
    new WaveformRecord('BGDEMO:texts', { elements: 'STRING', capacity: 4, value: ['one', 'two'] }),
    new WaveformRecord('BGDEMO:bytes', { elements: 'CHAR', capacity: 256, value: Uint8Array.of(1, 2, 255) }),
    new AnalogRecord('BGDEMO:slow', 'ao', {
      description: 'a put-callback takes half a second',
      device: (signal) => delay(SLOW_MS, undefined, { signal }),
    }),
    new AnalogRecord('BGDEMO:readonly', 'ao', { value: 7, description: 'clients may only read it' }),
  ];
}

/** What clients may not do with the demo beamline. */
export const DEMO_ACCESS: Readonly<Record<string, Access>> = { 'BGDEMO:readonly': 'read' };
