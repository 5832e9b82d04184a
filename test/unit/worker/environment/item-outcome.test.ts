import { expect, test } from 'vitest';
import { itemOutcome } from '../../../../src/worker/environment/item-outcome.ts';
import type { FinishedOutcome } from '../../../../src/worker/run-engine/outcome.ts';

const success: FinishedOutcome = {
  kind: 'finished',
  exit_status: 'success',
  reason: '',
  interrupted: false,
  result: null,
  run_uids: ['r'],
  scan_ids: [1],
};
const nobody = { ending: undefined, reason: '', fault: undefined };
const failed: FinishedOutcome = { ...success, exit_status: 'fail', reason: 'no', error: new Error('no') };

test.each([
  ['a plan that ends by itself has completed', success, nobody, { exit_status: 'completed', msg: '' }],
  ['a plan that throws has failed', failed, nobody, { exit_status: 'failed', msg: 'Plan failed: no' }],
  ['stop', success, { ...nobody, ending: 'stop' }, { exit_status: 'stopped', msg: '' }],
  ['abort', { ...success, exit_status: 'abort' }, { ...nobody, ending: 'abort' }, { exit_status: 'aborted', msg: '' }],
  ['halt', { ...success, exit_status: 'abort' }, { ...nobody, ending: 'halt' }, { exit_status: 'halted', msg: '' }],
  [
    'a plan that fails over its stop has failed',
    failed,
    { ...nobody, ending: 'stop' },
    { exit_status: 'failed', msg: 'Plan failed: no' },
  ],
  [
    'a fault of the process fails the plan that ran',
    { ...success, exit_status: 'abort' },
    { ...nobody, fault: new Error('broken') },
    { exit_status: 'failed', msg: 'Plan failed: broken' },
  ],
  [
    'a pause that the plan could not take aborts it',
    { ...success, exit_status: 'abort', reason: 'no checkpoint' },
    nobody,
    { exit_status: 'aborted', msg: 'no checkpoint' },
  ],
  [
    'whoever ends the worker gives the reason',
    { ...success, exit_status: 'abort' },
    { ...nobody, ending: 'abort', reason: 'the worker was asked to end' },
    { exit_status: 'aborted', msg: 'the worker was asked to end' },
  ],
] as [string, FinishedOutcome, Parameters<typeof itemOutcome>[1], object][])(
  '%s',
  (_what, outcome, asked, expected) => {
    expect(itemOutcome(outcome, asked)).toMatchObject({ ...expected, run_uids: ['r'], scan_ids: [1] });
  },
);
