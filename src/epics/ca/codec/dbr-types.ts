/** The seven native types of Channel Access. `SHORT` is also called `INT`. */
export const DBR = { STRING: 0, SHORT: 1, FLOAT: 2, ENUM: 3, CHAR: 4, LONG: 5, DOUBLE: 6, CLASS_NAME: 38 } as const;

export type NativeType = 0 | 1 | 2 | 3 | 4 | 5 | 6;
export type NumericType = Exclude<NativeType, 0>;

/** The word for each native type, by its number. */
export const TYPE_NAMES = ['STRING', 'SHORT', 'FLOAT', 'ENUM', 'CHAR', 'LONG', 'DOUBLE'] as const;

/**
 * What comes with a value: nothing, alarm status (`sts`), and a time stamp (`time`); or status with units and display
 * limits (`gr`), and control limits (`ctrl`). A DBR type is a native type plus seven times the index of its form.
 */
export const DBR_FORMS = ['plain', 'sts', 'time', 'gr', 'ctrl'] as const;
export type DbrForm = (typeof DBR_FORMS)[number];

export const ELEMENT_BYTES = [40, 2, 4, 2, 1, 4, 8] as const;
export const STRING_BYTES = 40;
export const MAX_ENUM_STATES = 16;
export const ENUM_STATE_BYTES = 26;
export const UNITS_BYTES = 8;

/** DBR types 0 to 34. */
export const dbrType = (form: DbrForm, native: NativeType): number => DBR_FORMS.indexOf(form) * 7 + native;
export const isDbrType = (type: number): boolean => Number.isInteger(type) && type >= 0 && type < 7 * DBR_FORMS.length;
export const isNativeType = (type: number): type is NativeType => Number.isInteger(type) && type >= 0 && type < 7;

/** Form and native type of a DBR type. @throws RangeError for a type outside 0 to 34 */
export function partsOf(type: number): { form: DbrForm; native: NativeType } {
  const form = DBR_FORMS[Math.floor(type / 7)];
  const native = type % 7;
  if (form === undefined || !isNativeType(native)) throw new RangeError(`DBR type ${type} is not one of 0 to 34`);
  return { form, native };
}

/** Where the first element stands, by form and native type: after the metadata, aligned as a C struct would be. */
const VALUE_OFFSETS: Readonly<Record<DbrForm, readonly number[]>> = {
  plain: [0, 0, 0, 0, 0, 0, 0],
  sts: [4, 4, 4, 4, 5, 4, 8],
  time: [12, 14, 12, 14, 15, 12, 16],
  gr: [4, 24, 40, 422, 19, 36, 64],
  ctrl: [4, 28, 48, 422, 21, 44, 80],
};
export const valueOffset = (form: DbrForm, native: NativeType): number => VALUE_OFFSETS[form][native] ?? 0;
