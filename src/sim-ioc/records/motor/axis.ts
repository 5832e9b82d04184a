import { braking, motionTo, type Profile, type Speed, type Start } from './profile.ts';

/** Why a motion has ended. */
export type AxisEnd = 'arrived' | 'stopped' | 'at-switch';

export interface AxisOptions {
  readonly position: number;
  /** Where the limit switches are, in dial units: who runs into one is braked. */
  readonly switches: readonly [low: number, high: number];
  readonly moved: (position: number) => void;
  readonly ended: (end: AxisEnd) => void;
}

/** Read-backs while it moves, as a real motor record's polls: ten a second. */
const POLL_SECONDS = 0.1;

/**
 * The hardware of a motor: a position that takes time, with a limit switch at each end. It knows no record. A timer runs
 * only while it moves.
 *
 * From *still* a target makes it *going*; it is still again when it has arrived. *stopping* is on the way to rest by
 * request. A switch ends a motion at once as far as anyone is told, but mass has its way: the axis then *coasts* a little
 * further, and `moved` goes on until it is still. A new target is taken in each state, at the velocity of the moment.
 */
export class Axis {
  readonly #options: AxisOptions;
  #position: number;
  #motion: { readonly profile: Profile; readonly speed: Speed; readonly began: number } | null = null;
  #state: 'still' | 'going' | 'stopping' | 'coasting' = 'still';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AxisOptions) {
    this.#options = options;
    this.#position = options.position;
  }

  get position(): number {
    return this.#position;
  }

  /** A motion has not been told to have ended. */
  get isMoving(): boolean {
    return this.#state === 'going' || this.#state === 'stopping';
  }

  get isAtHighSwitch(): boolean {
    return this.#position >= this.#options.switches[1];
  }

  get isAtLowSwitch(): boolean {
    return this.#position <= this.#options.switches[0];
  }

  /** Goes there from where it is now; a target in flight is forgotten. */
  goTo(target: number, speed: Speed): void {
    if (this.#isRunningIntoSwitch(target)) return this.#stayAtSwitch();
    this.#run(motionTo(target, this.#now(), speed), speed, 'going');
  }

  /** Slows down, and ends as stopped. */
  stop(): void {
    if (this.#motion === null || this.#state !== 'going') return;
    const { speed } = this.#motion;
    this.#run(braking(this.#now(), speed), speed, 'stopping');
  }

  /** The position is now called this: nothing moves. */
  redefine(position: number): void {
    this.#position = position;
  }

  close(): void {
    this.#rest();
  }

  #run(profile: Profile, speed: Speed, state: 'going' | 'stopping' | 'coasting'): void {
    clearTimeout(this.#timer);
    this.#motion = { profile, speed, began: performance.now() };
    this.#state = state;
    this.#arm(0);
  }

  #arm(elapsed: number): void {
    const left = (this.#motion?.profile.duration ?? 0) - elapsed;
    this.#timer = setTimeout(() => this.#tick(), Math.max(1, Math.min(POLL_SECONDS, left) * 1000));
  }

  #tick(): void {
    const motion = this.#motion;
    if (motion === null) return;
    // One look at the clock: the position that ends a motion is that of its end.
    const elapsed = elapsedOf(motion);
    this.#position = motion.profile.positionAt(elapsed);
    if (this.isMoving && this.#isRunningIntoSwitch(motion.profile.end)) return this.#runIntoSwitch(motion, elapsed);

    if (elapsed < motion.profile.duration) {
      this.#arm(elapsed);
      return this.#options.moved(this.#position);
    }
    const state = this.#state;
    this.#rest();
    this.#options.moved(this.#position);
    if (state === 'going') this.#options.ended('arrived');
    if (state === 'stopping') this.#options.ended('stopped');
  }

  #isRunningIntoSwitch(end: number): boolean {
    const [low, high] = this.#options.switches;
    return (this.isAtHighSwitch && end > high) || (this.isAtLowSwitch && end < low);
  }

  /** Told as seen at the switch, though it may have been seen a little late. */
  #runIntoSwitch({ profile, speed }: { profile: Profile; speed: Speed }, elapsed: number): void {
    const [low, high] = this.#options.switches;
    this.#position = Math.min(Math.max(this.#position, low), high);
    const velocity = profile.velocityAt(elapsed);
    this.#run(braking({ position: this.#position, velocity }, speed), speed, 'coasting');
    this.#options.moved(this.#position);
    this.#options.ended('at-switch');
  }

  /** Who stands at the switch gets no further, and hears that a moment later. */
  #stayAtSwitch(): void {
    this.#rest();
    this.#state = 'going';
    this.#timer = setTimeout(() => {
      this.#rest();
      this.#options.ended('at-switch');
    }, 1);
  }

  #now(): Start {
    if (this.#motion === null) return { position: this.#position, velocity: 0 };
    const elapsed = elapsedOf(this.#motion);
    this.#position = this.#motion.profile.positionAt(elapsed);
    return { position: this.#position, velocity: this.#motion.profile.velocityAt(elapsed) };
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#motion = null;
    this.#state = 'still';
  }
}

const elapsedOf = ({ began }: { readonly began: number }): number => (performance.now() - began) / 1000;
