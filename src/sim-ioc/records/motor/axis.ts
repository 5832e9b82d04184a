import { braking, trapezoid } from './profile.ts';
import type { Profile } from './profile.ts';

/** Why an axis stands still again. */
export type AxisEnd = 'arrived' | 'stopped' | 'at-high-switch' | 'at-low-switch';

export interface AxisOptions {
  readonly position: number;
  /** Where the limit switches are, in dial units: beyond them the axis does not go, whatever it is told. */
  readonly switches: readonly [low: number, high: number];
  readonly moved: (position: number) => void;
  readonly ended: (end: AxisEnd) => void;
}

/** Read-backs while it moves, as a real motor record's polls: ten a second. */
const POLL_SECONDS = 0.1;

/**
 * The hardware of a motor: a position that takes time, with a limit switch at each end. It knows no record. A timer runs
 * only while it moves.
 */
export class Axis {
  readonly #options: AxisOptions;
  #position: number;
  #profile: Profile | null = null;
  #isStopping = false;
  #began = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AxisOptions) {
    this.#options = options;
    this.#position = options.position;
  }

  get position(): number {
    return this.#position;
  }
  get isMoving(): boolean {
    return this.#profile !== null;
  }

  /** Goes there from where it is now; a target in flight is forgotten. */
  goTo(target: number, velocity: number, acceleration: number): void {
    this.#look();
    this.#run(trapezoid(this.#position, target, velocity, acceleration), false);
  }

  /** Slows down within `seconds`. */
  stop(seconds: number): void {
    if (this.#profile === null || this.#isStopping) return;
    const velocity = this.#profile.velocityAt(this.#elapsed());
    this.#look();
    this.#run(braking(this.#position, velocity, seconds), true);
  }

  /** The position is now called this: nothing moves. */
  redefine(position: number): void {
    this.#position = position;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#profile = null;
  }

  #run(profile: Profile, isStopping: boolean): void {
    clearTimeout(this.#timer);
    this.#profile = profile;
    this.#isStopping = isStopping;
    this.#began = performance.now();
    this.#arm();
  }

  #arm(): void {
    const left = (this.#profile?.duration ?? 0) - this.#elapsed();
    this.#timer = setTimeout(() => this.#tick(), Math.max(1, Math.min(POLL_SECONDS, left) * 1000));
  }

  #tick(): void {
    const profile = this.#profile;
    if (profile === null) return;
    // One look at the clock: the position that ends a motion is that of its end.
    const elapsed = this.#elapsed();
    const end = this.#look(elapsed) ?? (elapsed >= profile.duration ? this.#regularEnd() : null);
    this.#options.moved(this.#position);
    if (end === null) return this.#arm();
    this.#profile = null;
    this.#options.ended(end);
  }

  #regularEnd(): AxisEnd {
    return this.#isStopping ? 'stopped' : 'arrived';
  }

  /** Reads the position; tells when a switch has ended the motion. */
  #look(elapsed = this.#elapsed()): AxisEnd | null {
    if (this.#profile === null) return null;
    const [low, high] = this.#options.switches;
    const position = this.#profile.positionAt(elapsed);
    const isOutwards = (limit: number, sign: number) =>
      sign * (position - limit) >= 0 && sign * (this.#profile?.positionAt(Infinity) ?? 0) > sign * limit;
    this.#position = Math.min(Math.max(position, low), high);
    if (isOutwards(high, 1)) return 'at-high-switch';
    if (isOutwards(low, -1)) return 'at-low-switch';
    return null;
  }

  #elapsed(): number {
    return (performance.now() - this.#began) / 1000;
  }
}
