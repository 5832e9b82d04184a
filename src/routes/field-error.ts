import { CodedError } from '../protocol/error-codes.ts';

/** One field that is missing or not what it must be, in the words of the original's web framework. */
export interface FieldFault {
  readonly type: string;
  readonly loc: readonly [where: 'body' | 'query' | 'path', name: string];
  readonly msg: string;
  readonly input: unknown;
}

/** A request whose fields are not what the route takes: the reply lists them. */
export class FieldError extends CodedError<'INVALID_FIELDS'> {
  readonly detail: readonly FieldFault[];

  constructor(faults: readonly FieldFault[]) {
    super('INVALID_FIELDS', { fields: faults.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ') });
    this.name = 'FieldError';
    this.detail = faults;
  }
}

export const missing = (...loc: FieldFault['loc']): FieldFault => ({
  type: 'missing',
  loc,
  msg: 'Field required',
  input: null,
});
