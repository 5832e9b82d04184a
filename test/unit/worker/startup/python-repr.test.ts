import { expect, test } from 'vitest';
import { repr } from '../../../../src/worker/startup/python-repr.ts';

class Stage {
  readonly name = 'stage';
}
const motor = { name: 'm1', toString: (): string => "EpicsMotor(name='m1')" };
Object.setPrototypeOf(motor, Stage.prototype);

test.each<[value: unknown, shown: string]>([
  [undefined, 'None'],
  [3, '3'],
  [0.00001, '1e-05'],
  [1e22, '1e+22'],
  [[motor, 1.5, true], "[EpicsMotor(name='m1'), 1.5, True]"],
  [{ motors: [new Stage()], text: "it's" }, "{'motors': [<stage>], 'text': \"it's\"}"],
  [function trajectory() {}, '<function trajectory>'],
])('a value of a plan, %o, shows as in Python: %s', (value, shown) => {
  expect(repr(value)).toBe(shown);
});
