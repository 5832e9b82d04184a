/** Alarm severities (`SEVR`), in the order of their number. */
export const SEVERITIES = ['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Alarm conditions (`STAT`), in the order of their number. */
export const CONDITIONS = [
  'NO_ALARM',
  'READ',
  'WRITE',
  'HIHI',
  'HIGH',
  'LOLO',
  'LOW',
  'STATE',
  'COS',
  'COMM',
  'TIMEOUT',
  'HWLIMIT',
  'CALC',
  'SCAN',
  'LINK',
  'SOFT',
  'BAD_SUB',
  'UDF',
  'DISABLE',
  'SIMM',
  'READ_ACCESS',
  'WRITE_ACCESS',
] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface Alarm {
  readonly condition: Condition;
  readonly severity: Severity;
}

export const NO_ALARM: Alarm = { condition: 'NO_ALARM', severity: 'NO_ALARM' };

export const isWorse = (severity: Severity, than: Severity): boolean =>
  SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(than);
