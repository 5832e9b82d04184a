/**
 * Where a replay may differ from the recording, and why it is right so. `in` names the suite of recordings, `vectors`
 * which of them; `what` is all that is not compared there.
 */
export interface AcceptedDifference {
  in: 'runengine' | 'plans';
  vectors: RegExp;
  what: 'everything' | 'reason of the stop document' | 'documents';
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
    why: 'the device failed when it described itself, before anything of that was recorded; tested by hand (collector.test.ts)',
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
];

export const accepted = (suite: AcceptedDifference['in'], vector: string): AcceptedDifference | undefined =>
  acceptedDifferences.find((difference) => difference.in === suite && difference.vectors.test(vector));
