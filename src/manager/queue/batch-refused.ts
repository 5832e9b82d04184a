import { CodedError } from '../../protocol/error-codes.ts';

/** Whether one item of a batch could have been added, in the shape that clients read. */
interface ItemVerdict {
  readonly success: boolean;
  readonly msg: string;
}

/** A batch of which not every item could be added, so none was; `results` has a verdict for each, in their order. */
export class BatchRefused extends CodedError<'REFUSED'> {
  readonly results: readonly ItemVerdict[];

  constructor(results: readonly ItemVerdict[]) {
    const failed = results.filter(({ success }) => !success).length;
    const counts = `${failed} out of ${results.length}`;
    super('REFUSED', { msg: `Failed to add all items: validation of ${counts} submitted items failed` });
    this.results = results;
  }
}
