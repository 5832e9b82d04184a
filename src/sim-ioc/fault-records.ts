import type { Faults } from './faults.ts';
import { AnalogRecord } from './records/analog.ts';
import type { EpicsRecord } from './records/record.ts';
import { TextRecord } from './records/text.ts';

/** A client that asks for more would never see the IOC again, and timers have an end, too. */
const LONGEST_SECONDS = 600;

/** Faults by plain PVs, so that any client can ask for them. */
export function faultRecords(prefix: string, faults: () => Faults): EpicsRecord[] {
  const seconds = (name: string, description: string, act: (seconds: number) => void) => {
    const record: AnalogRecord = new AnalogRecord(`${prefix}${name}`, 'ao', {
      description,
      units: 's',
      drive: [0, LONGEST_SECONDS],
      device: () => act(record.value.number),
    });
    return record;
  };
  const named = (name: string, description: string, act: (pvName: string) => void) => {
    const record: TextRecord = new TextRecord(`${prefix}${name}`, 'stringout', {
      description,
      device: () => act(record.value.text),
    });
    return record;
  };
  return [
    seconds('freeze', 'say and read nothing for so long', (value) => faults().freezeFor(value)),
    seconds('delay', 'every reply waits so long', (value) => {
      faults().replyDelayMs = value * 1000;
    }),
    named('drop', 'end all circuits', () => setImmediate(() => faults().dropCircuits())),
    named('disconnect', 'take the channels of a record away', (name) => faults().disconnect(name)),
    named('refuse', 'refuse the channel of a PV', (name) => faults().refuse(name)),
    named('accept', 'take a refusal back', (name) => faults().refuse(name, false)),
    named('hide', 'answer no search for a PV', (name) => faults().hide(name)),
    named('show', 'answer them again', (name) => faults().hide(name, false)),
    named('readonly', 'take the write access to a record', (name) => faults().setAccess(name, 'read')),
    named('writable', 'give the write access back', (name) => faults().setAccess(name, 'read-write')),
    named('alarm', 'put a record into a MAJOR alarm', (name) => faults().setAlarm(name, 'MAJOR')),
    named('noalarm', 'end that alarm', (name) => faults().setAlarm(name, 'NO_ALARM')),
    named('miss', 'the next motion of a motor ends one unit off', (name) => faults().miss(name, 1)),
    named('beacon', 'send a beacon with this number', (number) => faults().beacon(Number(number) || 0)),
  ];
}
