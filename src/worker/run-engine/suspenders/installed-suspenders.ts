import type { Suspendable, Suspender } from './suspender.ts';

/** The suspenders that watch over one RunEngine. */
export class InstalledSuspenders {
  readonly #engine: Suspendable;
  readonly #suspenders = new Set<Suspender>();

  constructor(engine: Suspendable) {
    this.#engine = engine;
  }

  get all(): readonly Suspender[] {
    return [...this.#suspenders];
  }

  add(suspender: Suspender): void {
    this.#suspenders.add(suspender);
    suspender.install(this.#engine);
  }

  remove(suspender: Suspender): void {
    if (this.#suspenders.delete(suspender)) suspender.remove();
  }

  clear(): void {
    for (const suspender of this.#suspenders) this.remove(suspender);
  }

  /** What a plan that begins now must wait for, and why; nothing when conditions are good. */
  untilReleased(): { waits: (() => Promise<void>)[]; notice: string } | undefined {
    const tripped = this.all.filter((suspender) => suspender.tripped);
    if (tripped.length === 0) return undefined;
    const reasons = tripped.map((suspender, index) => `    ${index + 1}. ${suspender.justification}`);
    return {
      waits: tripped.flatMap((suspender) => suspender.untilReleased() ?? []),
      notice: [
        'At least one suspender has tripped. The plan will begin when all suspenders are ready. Justification:',
        ...reasons,
      ].join('\n'),
    };
  }
}
