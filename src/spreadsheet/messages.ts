import type { Problem } from './problems.ts';
import type { RefusedFile } from './refused-file.ts';

/** What the reading process is asked. It does one thing at a time. */
export type ReaderRequest =
  | {
      readonly type: 'read';
      readonly bytes: Uint8Array;
      readonly fileName: string;
      readonly dataType: string | null;
      readonly user: string;
      /** Descriptions of the plans that the user may use, as JSON text; items are then held against them. */
      readonly allowedPlans: string | null;
    }
  | {
      readonly type: 'template';
      /** The descriptions of plans, as JSON text. */
      readonly plans: string;
    };

/** What became of a file. */
export interface ReadPlans {
  readonly type: 'plans';
  /** JSON text of an array. */
  readonly items: string;
  readonly sheet: string | null;
  /** Of each item the row that it comes from; `null` where a mapping does not tell. */
  readonly rows: readonly (number | null)[];
  readonly problems: readonly Problem[];
  /** How many there are, told and untold. */
  readonly problemCount: number;
}

/** What it answers; failures travel as data. */
export type ReaderAnswer =
  | ReadPlans
  | { readonly type: 'template'; readonly bytes: Uint8Array }
  | { readonly type: 'refused'; readonly kind: RefusedFile['kind']; readonly msg: string }
  | { readonly type: 'failed'; readonly stack: string };
