import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from './faults.ts';
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
  return [m1, m2, peak, acquire, shutter, status, scaler, counter(), ...oneOfEach()];
}

/** Counts up by itself, once a second. */
function counter(): EpicsRecord {
  const record = new AnalogRecord('BGDEMO:counter', 'longin', { units: 's' });
  setInterval(() => record.update(record.value.number + 1), COUNTER_MS).unref();
  return record;
}

function oneOfEach(): EpicsRecord[] {
  const settings = { units: 'V', precision: 3, display: [-10, 10], drive: [-10, 10], warning: [-8, 8] } as const;
  return [
    new AnalogRecord('BGDEMO:ao', 'ao', settings),
    new AnalogRecord('BGDEMO:longout', 'longout', { units: 'steps' }),
    new DiscreteRecord('BGDEMO:mbbo', 'mbbo', { states: ['Off', 'Slow', 'Fast'] }),
    new TextRecord('BGDEMO:stringout', 'stringout', { value: 'a sample' }),
    new TextRecord('BGDEMO:lso', 'lso', { value: 'a text that is longer than a DBR_STRING can hold' }),
    new WaveformRecord('BGDEMO:waveform', {
      elements: 'DOUBLE',
      capacity: 1024,
      value: Float64Array.of(1, 2, 3),
      units: 'V',
    }),
    new WaveformRecord('BGDEMO:bytes', { elements: 'CHAR', capacity: 256, value: Uint8Array.of() }),
  ];
}

/** Faults by plain PVs, so that any client can ask for them. */
export function faultRecords(faults: () => Faults): EpicsRecord[] {
  const seconds = (name: string, description: string, act: (seconds: number) => void) => {
    const record: AnalogRecord = new AnalogRecord(`BGDEMO:fault:${name}`, 'ao', {
      description,
      units: 's',
      device: () => act(record.value.number),
    });
    return record;
  };
  const named = (name: string, description: string, act: (pvName: string) => void) => {
    const record: TextRecord = new TextRecord(`BGDEMO:fault:${name}`, 'stringout', {
      description,
      device: () => act(record.value.text),
    });
    return record;
  };
  return [
    seconds('freeze', 'say and read nothing for so long', (value) => faults().freezeFor(value)),
    seconds('delay', 'every reply waits so long', (value) => (faults().replyDelayMs = Math.max(0, value) * 1000)),
    named('drop', 'end all circuits', () => setImmediate(() => faults().dropCircuits())),
    named('disconnect', 'take the channels of a record away', (name) => faults().disconnect(name)),
    named('refuse', 'refuse the channel of a PV', (name) => faults().refuse(name)),
    named('accept', 'take a refusal back', (name) => faults().refuse(name, false)),
    named('readonly', 'take the write access to a record', (name) => faults().setAccess(name, 'read')),
    named('writable', 'give the write access back', (name) => faults().setAccess(name, 'read-write')),
    named('beacon', 'send a beacon with this number', (number) => faults().beacon(Number(number) || 0)),
  ];
}
