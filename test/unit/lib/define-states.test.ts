import { expect, test } from 'vitest';
import { defineStates, StateMachine } from '../../../src/lib/define-states.ts';

const table = defineStates({ closed: ['open'], open: ['closed'], burnt: [] }, { fromAnywhere: ['burnt'] });

test('a step of the table is made, and told with its reason', () => {
  const told: unknown[] = [];
  const door = new StateMachine(table, 'closed', (change) => told.push(change));

  door.change({ from: 'closed', to: 'open', why: 'a visitor' });

  expect(door.state).toBe('open');
  expect(told).toEqual([{ from: 'closed', to: 'open', why: 'a visitor' }]);
});

test('a step from elsewhere than it says is a bug that shows itself, and changes nothing', () => {
  const door = new StateMachine(table, 'closed');
  expect(() => door.change({ from: 'open', to: 'closed', why: 'night' })).toThrow(
    /'closed' cannot become 'closed' \(night/,
  );
  expect(door.state).toBe('closed');
});

test('a step that the table does not have is refused', () => {
  const door = new StateMachine(table, 'closed');
  expect(() => door.change({ to: 'closed', why: 'again' })).toThrow();
});

test('what is reachable from anywhere is', () => {
  const door = new StateMachine(table, 'open');
  door.change({ to: 'burnt', why: 'fire' });
  expect(door.is('burnt')).toBe(true);
});
