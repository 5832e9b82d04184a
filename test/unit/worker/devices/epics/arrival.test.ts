import { expect, test } from 'vitest';
import { type AtRest, whyNotArrived } from '../../../../../src/worker/devices/epics/motor/arrival.ts';

const arrived: AtRest = {
  readback: 1,
  severity: 0,
  retryDeadband: 0.001,
  isBeyondSoftLimit: false,
  isAtHighSwitch: false,
  isAtLowSwitch: false,
  movedUp: true,
  hasMissed: false,
};
const terms = { motor: 'm1', target: 1, tolerance: 0.001, toleratedSeverity: 0, missedFails: true };

test.each<[string, Partial<AtRest>, string | null]>([
  ['a motor at its target has arrived', {}, null],
  ['as near as its dead-band is there', { readback: 1.001 }, null],
  ['beyond a soft limit', { isBeyondSoftLimit: true, readback: 0 }, 'beyond a soft limit'],
  ['at the high switch after moving up', { isAtHighSwitch: true, readback: 0.5 }, 'high limit switch at 0.5'],
  ['at the low switch after moving down', { isAtLowSwitch: true, movedUp: false }, 'low limit switch'],
  ['on the way out of a switch it has arrived', { isAtHighSwitch: true, movedUp: false }, null],
  ['in alarm', { severity: 2 }, 'in alarm at 1 (severity 2)'],
  ['stopped by somebody else', { readback: 0.4 }, 'missed: it ended at 0.4'],
  ['given up by the record', { hasMissed: true }, 'missed'],
])('%s', (_what, atRest, expected) => {
  const failure = whyNotArrived({ ...arrived, ...atRest }, terms);
  if (expected === null) expect(failure).toBeNull();
  else expect(failure?.message).toContain(expected);
});

test('ending elsewhere is no failure where that is allowed, and a severity may be tolerated', () => {
  expect(whyNotArrived({ ...arrived, readback: 0.4 }, { ...terms, missedFails: false })).toBeNull();
  expect(whyNotArrived({ ...arrived, severity: 2 }, { ...terms, toleratedSeverity: 2 })).toBeNull();
});
