import { DBR, ELEMENT_BYTES, type NativeType, partsOf } from '../../epics/ca/codec/dbr-types.ts';
import { encodeDbr, type EncodedDbr } from '../../epics/ca/codec/dbr.ts';
import type { CaMetadata } from '../../epics/ca/codec/metadata.ts';
import type { Pv } from '../pv.ts';
import { CONDITIONS, SEVERITIES } from '../records/alarm.ts';
import type { Limits } from '../records/field.ts';
import { elementsOf, type FieldType, type FieldValue, type NumericArray, zeros } from '../records/value.ts';

const TYPES: readonly FieldType[] = ['STRING', 'SHORT', 'FLOAT', 'ENUM', 'CHAR', 'LONG', 'DOUBLE'];

export const nativeTypeOf = (type: FieldType): NativeType => TYPES.indexOf(type) as NativeType;
export const fieldTypeOf = (native: NativeType): FieldType => TYPES[native] ?? 'DOUBLE';

/** Nobody is sent more than this at once, whatever count they ask for. */
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

export const isTooLarge = (dbrType: number, count: number): boolean =>
  dbrType !== DBR.CLASS_NAME && count * ELEMENT_BYTES[partsOf(dbrType).native] > MAX_PAYLOAD_BYTES;

/**
 * The present value of a PV as one DBR type. A count of 0 means "as many as there are"; any other is answered with
 * exactly that many elements, with zeros for those that the PV does not have.
 * @throws PutRefused where the value has no such form, RangeError for a type that does not exist
 */
export function readingOf(pv: Pv, dbrType: number, count: number): EncodedDbr {
  if (dbrType === DBR.CLASS_NAME) return encodeDbr(dbrType, pv.record.field('RTYP').text);
  const { form, native } = partsOf(dbrType);
  const value = sized(pv.read(fieldTypeOf(native)), native, count);
  return encodeDbr(dbrType, value, form === 'plain' ? {} : metadataOf(pv, form));
}

function sized(value: FieldValue, native: NativeType, count: number): FieldValue {
  if (count === 0 || (count === 1 && typeof value !== 'object')) return value;
  const elements = elementsOf(value);
  if (elements.length === count) return value;
  if (native === DBR.STRING) return Array.from({ length: count }, (_, index) => String(elements[index] ?? ''));
  const padded = zeros(fieldTypeOf(native) as Exclude<FieldType, 'STRING'>, count);
  // Numbers, as the type is none of texts.
  padded.set((elements as NumericArray | number[]).slice(0, count));
  return padded;
}

function metadataOf({ record, field }: Pv, form: 'sts' | 'time' | 'gr' | 'ctrl'): CaMetadata {
  const alarm = {
    status: CONDITIONS.indexOf(record.alarm.condition),
    severity: SEVERITIES.indexOf(record.alarm.severity),
  };
  if (form === 'sts') return alarm;
  if (form === 'time') return { ...alarm, timestamp: record.at };
  return {
    ...alarm,
    units: field.units,
    precision: field.precision,
    enumStrings: [...field.choices],
    ...limitsAsTold(field.limits),
  };
}

/** Limits that are open: NaN for alarms, and 0 for the ranges of display and control, as an IOC answers. */
function limitsAsTold({ display, control, warning, alarm }: Limits): CaMetadata {
  return {
    lowerDispLimit: display?.[0] ?? 0,
    upperDispLimit: display?.[1] ?? 0,
    lowerCtrlLimit: control?.[0] ?? 0,
    upperCtrlLimit: control?.[1] ?? 0,
    lowerWarningLimit: warning?.[0] ?? NaN,
    upperWarningLimit: warning?.[1] ?? NaN,
    lowerAlarmLimit: alarm?.[0] ?? NaN,
    upperAlarmLimit: alarm?.[1] ?? NaN,
  };
}
