import { CodedError } from '../protocol/error-codes.ts';
import type { About } from '../protocol/error-codes.ts';

/** What the original's web framework calls the fault, where it lies, and what it found there. */
interface Fault {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly input: unknown;
}

type BodyErrorCode = 'INVALID_JSON' | 'NOT_AN_OBJECT' | 'FORM_FAULT';

/** A body that is not what the route takes: the reply lists the sentence with its fault, as the original's does. */
export class BodyError<C extends BodyErrorCode = BodyErrorCode> extends CodedError<C> {
  readonly detail: readonly (Fault & { readonly msg: string })[];

  constructor(code: C, about: About<C>, { type, loc, input }: Fault) {
    super(code, about);
    this.name = 'BodyError';
    this.detail = [{ type, loc, msg: this.message, input }];
  }
}
