import { coded } from '../../protocol/error-codes.ts';
import type { CodedError } from '../../protocol/error-codes.ts';
import type { ReplyFields } from './reply.ts';

/** A sentence of the original, word for word: clients parse it. It goes out behind the method's own prefix. */
export const refused = (msg: string): CodedError<'REFUSED'> => coded('REFUSED', { msg });

/** A refusal that has more to say than its sentence, or says it without the method's prefix. */
export class RefusalWith extends Error {
  readonly fields: ReplyFields;
  readonly isWholeSentence: boolean;
  /** The members that go with the method's refusals are left out, too. */
  readonly isBare: boolean;

  constructor(cause: Error | string, fields: ReplyFields, { isWholeSentence = false, isBare = false } = {}) {
    super(typeof cause === 'string' ? cause : cause.message, { cause });
    this.fields = fields;
    this.isWholeSentence = isWholeSentence || isBare;
    this.isBare = isBare;
  }
}

/** Most refusals of a state are told by the original without the prefix that its other errors have. */
export const refusedAsIs = (msg: string): RefusalWith => new RefusalWith(msg, {}, { isWholeSentence: true });
