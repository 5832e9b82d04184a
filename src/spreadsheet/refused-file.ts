/**
 * Why a file as a whole cannot be used. `unreadable` is a file of the wrong kind, or a broken one; `unsafe` holds what is
 * never opened, such as macros; `too-large` is beyond a limit.
 */
export class RefusedFile extends Error {
  readonly kind: 'unreadable' | 'unsafe' | 'too-large';

  constructor(kind: RefusedFile['kind'], why: string, options?: ErrorOptions) {
    super(why, options);
    this.name = 'RefusedFile';
    this.kind = kind;
  }
}

export const tooMany = (what: string, limit: number): RefusedFile =>
  new RefusedFile('too-large', `The sheet has more than ${limit} ${what}`);
