import { type CaReading, DBR, type NativeType } from '../../../epics/index.ts';
import type { DataKey, Dtype } from '../protocols.ts';
import type { SignalFacts } from '../signal/backend.ts';

interface Channel {
  name: string;
  nativeType: NativeType;
  nativeCount: number;
  isWritable: boolean;
}

/** `REC.FIELD$` is the whole of a text that CA's strings of 40 bytes would cut: bytes on the wire, text to everybody. */
export const isLongString = ({ name, nativeType }: Pick<Channel, 'name' | 'nativeType'>): boolean =>
  name.endsWith('$') && nativeType === DBR.CHAR;

/** What a channel's `ctrl` form says about it, as a data key has it. */
export function signalFacts(ctrl: CaReading, channel: Channel): SignalFacts {
  const { nativeType, nativeCount, isWritable } = channel;
  if (isLongString(channel)) return { dtype: 'string', shape: [], isWritable };
  const limits = limitsOf(ctrl);
  return {
    dtype: nativeCount > 1 ? 'array' : DTYPES[nativeType],
    shape: nativeCount > 1 ? [nativeCount] : [],
    isWritable,
    ...(nativeType === DBR.ENUM ? { choices: ctrl.enumStrings ?? [] } : {}),
    ...(ctrl.units === undefined ? {} : { units: ctrl.units }),
    ...(ctrl.precision === undefined ? {} : { precision: ctrl.precision }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}

const DTYPES: Record<NativeType, Dtype> = {
  [DBR.STRING]: 'string',
  [DBR.SHORT]: 'integer',
  [DBR.FLOAT]: 'number',
  [DBR.ENUM]: 'string',
  [DBR.CHAR]: 'integer',
  [DBR.LONG]: 'integer',
  [DBR.DOUBLE]: 'number',
};

type Limits = NonNullable<DataKey['limits']>;

/** A pair that a record leaves open is NaN or equal, and says nothing. */
function limitsOf(ctrl: CaReading): Limits {
  const pairs: Record<keyof Limits, [number | undefined, number | undefined]> = {
    control: [ctrl.lowerCtrlLimit, ctrl.upperCtrlLimit],
    display: [ctrl.lowerDispLimit, ctrl.upperDispLimit],
    warning: [ctrl.lowerWarningLimit, ctrl.upperWarningLimit],
    alarm: [ctrl.lowerAlarmLimit, ctrl.upperAlarmLimit],
  };
  const limits: Limits = {};
  for (const [name, [low, high]] of Object.entries(pairs) as [keyof Limits, [number?, number?]][]) {
    if (low !== undefined && high !== undefined && low < high) limits[name] = { low, high };
  }
  return limits;
}
