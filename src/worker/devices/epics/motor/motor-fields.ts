import type { Kind, Part, Place } from '../../part.ts';
import { EpicsSignal } from '../epics-signal.ts';

/** Puts a part into the motor: its attribute, how it shows, and how it is made. */
type Add = <P extends Part>(attribute: string, kind: Kind, make: (place: Required<Place>) => P) => P;

/** The states of SPMG, which stops, holds or lets a motor go on. */
export type SpmgState = 'Stop' | 'Pause' | 'Move' | 'Go';
/** What VAL means: a target, or a new name for where the motor is. */
export type SetState = 'Use' | 'Set';

/** The fields of one motor record that are more than its readback and set-point. Names of attributes are ophyd's. */
export function motorFields(prefix: string, add: Add) {
  const field = <T>(attribute: string, kind: Kind, suffix: string) =>
    add(attribute, kind, (place) => new EpicsSignal<T>(`${prefix}.${suffix}`, place));
  const number = (attribute: string, kind: Kind, suffix: string) => field<number>(attribute, kind, suffix);
  return {
    offset: number('user_offset', 'config', 'OFF'),
    offsetDirection: field<string>('user_offset_dir', 'config', 'DIR'),
    velocity: number('velocity', 'config', 'VELO'),
    acceleration: number('acceleration', 'config', 'ACCL'),
    units: field<string>('motor_egu', 'config', 'EGU'),
    freezesOffset: field<string>('offset_freeze_switch', 'omitted', 'FOFF'),
    setState: field<SetState>('set_use_switch', 'omitted', 'SET'),
    spmg: field<SpmgState>('spmg', 'omitted', 'SPMG'),
    highLimit: number('high_limit_travel', 'omitted', 'HLM'),
    lowLimit: number('low_limit_travel', 'omitted', 'LLM'),
    dialHighLimit: number('dial_high_limit_travel', 'omitted', 'DHLM'),
    dialLowLimit: number('dial_low_limit_travel', 'omitted', 'DLLM'),
    maxVelocity: number('max_velocity', 'omitted', 'VMAX'),
    baseVelocity: number('base_velocity', 'omitted', 'VBAS'),
    retryDeadband: number('retry_deadband', 'omitted', 'RDBD'),
    done: number('motor_done_move', 'omitted', 'DMOV'),
    moving: number('motor_is_moving', 'omitted', 'MOVN'),
    stop: number('motor_stop', 'omitted', 'STOP'),
    beyondSoftLimit: number('limit_violation', 'omitted', 'LVIO'),
    highSwitch: number('high_limit_switch', 'omitted', 'HLS'),
    lowSwitch: number('low_limit_switch', 'omitted', 'LLS'),
    direction: number('direction_of_travel', 'omitted', 'TDIR'),
    missed: number('motor_missed', 'omitted', 'MISS'),
    homeForward: number('home_forward', 'omitted', 'HOMF'),
    homeReverse: number('home_reverse', 'omitted', 'HOMR'),
  };
}
export type MotorFields = ReturnType<typeof motorFields>;
