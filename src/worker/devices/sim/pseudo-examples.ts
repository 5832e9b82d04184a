import type { Place } from './part.ts';
import { PseudoPositioner } from './pseudo-positioner.ts';
import { Signal } from './signal.ts';

/** Three pseudo axes, each the opposite of a real one. */
export class SPseudo3x3 extends PseudoPositioner {
  static override readonly pythonModule = 'ophyd.sim';

  constructor(place: Place) {
    super(place);
    this.addPseudo('pseudo1', { limits: [-10, 10], egu: 'a' });
    this.addPseudo('pseudo2', { limits: [-10, 10], egu: 'b' });
    this.addPseudo('pseudo3', { egu: 'c' });
    for (const attribute of ['real1', 'real2', 'real3']) this.addReal(attribute);
    this.add('sig', 'normal', (part) => new Signal({ ...part, value: 0 }));
  }

  protected override forward(pseudo: readonly number[]): number[] {
    return pseudo.map(opposite);
  }

  protected override inverse(real: readonly number[]): number[] {
    return real.map(opposite);
  }
}

/** One pseudo axis that moves three real ones to its opposite. */
export class SPseudo1x3 extends PseudoPositioner {
  static override readonly pythonModule = 'ophyd.sim';

  constructor(place: Place) {
    super(place);
    this.addPseudo('pseudo1', { limits: [-10, 10] });
    for (const attribute of ['real1', 'real2', 'real3']) this.addReal(attribute);
  }

  protected override forward([pseudo = 0]: readonly number[]): number[] {
    return [opposite(pseudo), opposite(pseudo), opposite(pseudo)];
  }

  protected override inverse([real = 0]: readonly number[]): number[] {
    return [opposite(real)];
  }
}

/** Zero has no sign here. */
const opposite = (value: number): number => 0 - value;
