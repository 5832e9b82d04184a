/** The bits of `MSTA` that a simulated motor has. */
export const MSTA = {
  POSITIVE: 1,
  DONE: 1 << 1,
  PLUS_SWITCH: 1 << 2,
  MOVING: 1 << 10,
  MINUS_SWITCH: 1 << 13,
  HOMED: 1 << 14,
} as const;

export interface MotorState {
  readonly isPositive: boolean;
  readonly isDone: boolean;
  readonly isMoving: boolean;
  readonly isAtHighSwitch: boolean;
  readonly isAtLowSwitch: boolean;
  readonly isHomed: boolean;
}

/** The word of bits in which a controller tells its state. */
export const motorStatus = (state: MotorState): number =>
  (state.isPositive ? MSTA.POSITIVE : 0) |
  (state.isDone ? MSTA.DONE : 0) |
  (state.isAtHighSwitch ? MSTA.PLUS_SWITCH : 0) |
  (state.isMoving ? MSTA.MOVING : 0) |
  (state.isAtLowSwitch ? MSTA.MINUS_SWITCH : 0) |
  (state.isHomed ? MSTA.HOMED : 0);
