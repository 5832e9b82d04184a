import { expect, test } from 'vitest';
import { reducedPlans } from '../../../src/routes/reduced-plans.ts';

test('a plan for forms: types, choices, limits, and a default that stays a float', () => {
  const kind = { name: 'POSITIONAL_OR_KEYWORD', value: 1 };
  const text = reducedPlans({
    move: {
      name: 'move',
      properties: { is_generator: true },
      description: 'Moves',
      parameters: [
        { name: 'motor', kind, annotation: { type: 'Motors', devices: { Motors: ['m1', 'm2'] } } },
        { name: 'to', kind, annotation: { type: 'typing.List[float]' }, default: '1.0', min: '0.1', max: 'high' },
        { name: 'md', kind, default: '<factory>' },
      ],
    },
    none: { name: 'none', properties: { is_generator: true }, parameters: [] },
  });

  expect(text).toContain('"default":1.0');
  expect(JSON.parse(text)).toEqual({
    move: {
      name: 'move',
      description: 'Moves',
      parameters: [
        { name: 'motor', kind, type: 'str', enum: ['m1', 'm2'], is_list: false, is_optional: false },
        { name: 'to', kind, type: 'float', is_list: true, default: 1, is_optional: true, min: 0.1 },
        { name: 'md', kind, is_optional: false },
      ],
    },
    none: { name: 'none' },
  });
});
