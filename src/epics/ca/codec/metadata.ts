import {
  DBR,
  type DbrForm,
  ELEMENT_BYTES,
  ENUM_STATE_BYTES,
  MAX_ENUM_STATES,
  type NativeType,
  UNITS_BYTES,
} from './dbr-types.ts';
import { readNumber, writeNumber } from './elements.ts';
import { decodeText, writeText } from './text.ts';

/** Seconds from 1970 to 1990, where EPICS time begins. */
export const EPICS_EPOCH = 631_152_000;

/** What an IOC tells beside a value; which fields are there follows from the form asked for. */
export interface CaMetadata {
  /** Alarm status (`menuAlarmStat`: 0 NO_ALARM, 3 HIHI, 5 LOLO, 9 COMM, 17 UDF, ...). */
  status?: number;
  /** 0 none, 1 minor, 2 major, 3 invalid. */
  severity?: number;
  /** Seconds since 1970, to the precision of a double (about 0.2 µs); the exact pair stands beside it. */
  timestamp?: number;
  /** Seconds since 1990, as on the wire. */
  secondsPastEpoch?: number;
  nanoseconds?: number;
  units?: string;
  precision?: number;
  /** The states of an ENUM, at most 16. */
  enumStrings?: string[];
  /** A limit that the record leaves open is NaN for FLOAT and DOUBLE. */
  upperDispLimit?: number;
  lowerDispLimit?: number;
  upperAlarmLimit?: number;
  upperWarningLimit?: number;
  lowerWarningLimit?: number;
  lowerAlarmLimit?: number;
  upperCtrlLimit?: number;
  lowerCtrlLimit?: number;
}

/** In the order of the wire; the last two only in the `ctrl` form. */
const LIMITS = [
  'upperDispLimit',
  'lowerDispLimit',
  'upperAlarmLimit',
  'upperWarningLimit',
  'lowerWarningLimit',
  'lowerAlarmLimit',
  'upperCtrlLimit',
  'lowerCtrlLimit',
] as const;
const limitsOf = (form: 'gr' | 'ctrl') => (form === 'ctrl' ? LIMITS : LIMITS.slice(0, 6));

const hasPrecision = (native: NativeType): boolean => native === DBR.FLOAT || native === DBR.DOUBLE;

/** The metadata before the value. @throws RangeError when the payload is too short for its type */
export function decodeMetadata(form: DbrForm, native: NativeType, payload: Buffer): CaMetadata {
  if (form === 'plain') return {};
  const alarm = { status: payload.readUInt16BE(0), severity: payload.readUInt16BE(2) };
  if (form === 'sts' || (native === DBR.STRING && form !== 'time')) return alarm;
  if (form === 'time') return { ...alarm, ...decodeTime(payload) };
  if (native === DBR.ENUM) return { ...alarm, enumStrings: decodeStates(payload) };

  const metadata: CaMetadata = alarm;
  let offset = 4;
  if (hasPrecision(native)) {
    metadata.precision = payload.readInt16BE(offset);
    offset += 4;
  }
  metadata.units = decodeText(payload, offset, UNITS_BYTES);
  offset += UNITS_BYTES;
  for (const limit of limitsOf(form)) {
    metadata[limit] = readNumber(native as Exclude<NativeType, 0>, payload, offset);
    offset += ELEMENT_BYTES[native];
  }
  return metadata;
}

function decodeTime(payload: Buffer): CaMetadata {
  const secondsPastEpoch = payload.readUInt32BE(4);
  const nanoseconds = payload.readUInt32BE(8);
  return { timestamp: secondsPastEpoch + EPICS_EPOCH + nanoseconds * 1e-9, secondsPastEpoch, nanoseconds };
}

function decodeStates(payload: Buffer): string[] {
  const count = Math.min(payload.readUInt16BE(4), MAX_ENUM_STATES);
  return Array.from({ length: count }, (_, index) =>
    decodeText(payload, 6 + index * ENUM_STATE_BYTES, ENUM_STATE_BYTES),
  );
}

/** Writes metadata into a payload that is zero before; what is absent stays zero, as an IOC sends what it lacks. */
export function encodeMetadata(form: DbrForm, native: NativeType, metadata: CaMetadata, payload: Buffer): void {
  if (form === 'plain') return;
  payload.writeUInt16BE(metadata.status ?? 0, 0);
  payload.writeUInt16BE(metadata.severity ?? 0, 2);
  if (form === 'sts') return;
  if (form === 'time') return encodeTime(metadata, payload);
  if (native === DBR.STRING) return;
  if (native === DBR.ENUM) return encodeStates(metadata.enumStrings ?? [], payload);

  let offset = 4;
  if (hasPrecision(native)) {
    payload.writeInt16BE(metadata.precision ?? 0, offset);
    offset += 4;
  }
  writeText(metadata.units ?? '', payload.subarray(offset, offset + UNITS_BYTES));
  offset += UNITS_BYTES;
  for (const limit of limitsOf(form)) {
    writeNumber(native, payload, metadata[limit] ?? 0, offset);
    offset += ELEMENT_BYTES[native];
  }
}

/** From the exact pair where it is given, else from `timestamp`. */
function encodeTime({ secondsPastEpoch, nanoseconds, timestamp = EPICS_EPOCH }: CaMetadata, payload: Buffer): void {
  const seconds = Math.floor(timestamp);
  payload.writeUInt32BE((secondsPastEpoch ?? seconds - EPICS_EPOCH) >>> 0, 4);
  payload.writeUInt32BE(nanoseconds ?? Math.min(999_999_999, Math.round((timestamp - seconds) * 1e9)), 8);
}

function encodeStates(states: readonly string[], payload: Buffer): void {
  const told = states.slice(0, MAX_ENUM_STATES);
  payload.writeUInt16BE(told.length, 4);
  for (const [index, state] of told.entries()) {
    const start = 6 + index * ENUM_STATE_BYTES;
    writeText(state, payload.subarray(start, start + ENUM_STATE_BYTES));
  }
}
