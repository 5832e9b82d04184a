/**
 * Where a replay may differ from the recording, and why it is right so. `in` names the suite of recordings, `vectors`
 * which of them; `what` is all that is not compared there.
 */
export interface AcceptedDifference {
  in: 'runengine' | 'plans' | 'http-spreadsheet';
  vectors: RegExp;
  what:
    | 'everything'
    | 'reason of the stop document'
    | 'documents'
    | 'sleep messages'
    | 'events of monitors'
    | 'number of interruptions'
    | 'shapes and texts of arrays';
  why: string;
}

export const acceptedDifferences: readonly AcceptedDifference[] = [
  {
    in: 'runengine',
    vectors: /test_duplicate_keys|test_many_collectables_fails/,
    what: 'reason of the stop document',
    why: 'the sentence holds the repr of a Python object; ours names the device',
  },
  {
    in: 'runengine',
    vectors: /test_new_style_with_no_stream_name|test_same_key_in_multiple_streams/,
    what: 'reason of the stop document',
    why: 'the device failed when it described itself, before anything of that was recorded; tested by hand (collecting.test.ts)',
  },
  {
    in: 'runengine',
    vectors: /test_collect_uncollected_and_log_any_errors/,
    what: 'documents',
    why: 'flyers that were left are collected in the order of a Python set there, in the order of their kickoff here',
  },
  {
    in: 'runengine',
    vectors: /test_md_mormalizer|test_sync_scan_id_source/,
    what: 'documents',
    why: 'what the test plugged in, a normalizer or a source of scan ids, is not in the recording; tested by hand (run-engine.test.ts)',
  },
  {
    in: 'plans',
    vectors: /^count_(delay_list|num3_delay)$/,
    what: 'sleep messages',
    why: 'what remains of a delay is slept, and nothing when nothing remains: their number depends on the computer',
  },
  {
    in: 'plans',
    vectors: /^(monitor_during|pause_with_monitor)$/,
    what: 'events of monitors',
    why: 'a signal tells its present value when it is subscribed to; one of ophyd only if it has changed before',
  },
  {
    in: 'plans',
    vectors: /^(pause_resume|suspender)_recorded$/,
    what: 'number of interruptions',
    why: 'bluesky sets its counter of interruptions back when it rewinds, and writes 0 in the stop document',
  },
  {
    in: 'plans',
    vectors: /^(direct_img|img_resource_datum)$/,
    what: 'shapes and texts of arrays',
    why: "ophyd gives the outermost length for a list of lists, ours is [10, 10]; the text of an array is numpy's",
  },
  {
    in: 'plans',
    vectors: /^read_collision$/,
    what: 'everything',
    why: 'the recorded plan failed by a mistake in Python before it came to the collision; ours comes to it',
  },
  {
    in: 'http-spreadsheet',
    vectors: /^xlsx\/01[45]$/,
    what: 'everything',
    why: 'a formula that was never calculated is refused; the original takes the cell for empty, and runs the plan without',
  },
  {
    in: 'http-spreadsheet',
    vectors: /^(args\/(095|097|109)|kwarg\/11[89]|kwarg-mixed-column\/05[67])$/,
    what: 'everything',
    why: 'bytes, sets and ... are refused with their place; the original fails when it sends them: JSON has no word for them',
  },
];

export const accepted = (suite: AcceptedDifference['in'], vector: string): AcceptedDifference | undefined =>
  acceptedDifferences.find((difference) => difference.in === suite && difference.vectors.test(vector));
