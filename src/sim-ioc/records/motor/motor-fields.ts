import { SEVERITIES } from '../alarm.ts';
import type { Field, FieldOptions } from '../field.ts';
import { MSTA } from './motor-status.ts';

export interface MotorOptions {
  readonly description?: string;
  readonly position?: number;
  /** Units a second, and seconds to reach them. */
  readonly velocity?: number;
  readonly acceleration?: number;
  /** Soft limits; equal ones mean none. */
  readonly limits?: readonly [low: number, high: number];
  /** Limit switches, in dial units; far away unless told. */
  readonly switches?: readonly [low: number, high: number];
  readonly units?: string;
  readonly precision?: number;
  readonly retryDeadBand?: number;
}

type Shown = Pick<FieldOptions, 'units' | 'precision' | 'limits'>;

/** The fields of the motor record that clients read or write, with the record's own types. */
export function defineMotorFields(
  define: (name: string, options: FieldOptions) => Field,
  options: MotorOptions,
  shown: Shown,
): void {
  const position = options.position ?? 0;
  const velocity = options.velocity ?? 1;
  const [low, high] = options.limits ?? [-100, 100];
  const double = (name: string, initial = 0, own: Partial<FieldOptions> = {}) =>
    define(name, { type: 'DOUBLE', initial, ...shown, ...own });
  const short = (name: string, initial = 0, own: Partial<FieldOptions> = {}) =>
    define(name, { type: 'SHORT', initial, ...own });
  const choice = (name: string, choices: readonly string[], initial = 0, own: Partial<FieldOptions> = {}) =>
    define(name, { type: 'ENUM', choices, initial, ...own });

  define('EGU', { type: 'STRING', initial: options.units ?? 'mm', textBytes: 16 });
  short('PREC', options.precision ?? 3);
  for (const name of ['VAL', 'DVAL']) double(name, position, { processes: true });
  for (const name of ['RBV', 'DRBV']) double(name, position, { isReadOnly: true });
  double('RLV', 0, { processes: true });
  double('DIFF', 0, { isReadOnly: true });
  for (const name of ['HLM', 'DHLM']) double(name, high, { processes: true });
  for (const name of ['LLM', 'DLLM']) double(name, low, { processes: true });
  double('VELO', velocity);
  double('VMAX', velocity);
  double('VBAS');
  double('ACCL', options.acceleration ?? 0.2);
  double('JVEL', velocity);
  double('BDST');
  double('OFF', 0, { processes: true });
  double('RDBD', options.retryDeadBand ?? 0.001);
  double('SPDB', 0.001);
  double('TWV', 1);
  double('MRES', 0.001);
  for (const name of ['MDEL', 'ADEL']) double(name);
  define('MSTA', { type: 'DOUBLE', initial: MSTA.DONE, isReadOnly: true });
  define('OUT', { type: 'STRING', initial: '@sim', textBytes: 80 });
  short('RTRY', 10);
  short('DMOV', 1, { isReadOnly: true });
  for (const name of ['MOVN', 'LVIO', 'HLS', 'LLS', 'TDIR', 'MISS']) short(name, 0, { isReadOnly: true });
  for (const name of ['STOP', 'TWF', 'TWR', 'HOMF', 'HOMR', 'JOGF', 'JOGR']) short(name, 0, { processes: true });
  choice('DIR', ['Pos', 'Neg'], 0, { processes: true });
  choice('FOFF', ['Variable', 'Frozen']);
  choice('SET', ['Use', 'Set']);
  choice('SPMG', ['Stop', 'Pause', 'Move', 'Go'], 3, { processes: true });
  choice('HLSV', SEVERITIES);
}
