/** One place of a request that is wrong, in the form that the original's web framework gives it. */
export interface Misplaced {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input?: unknown;
}

/** A request that is turned away for what it says; the body of the reply is `{"detail": …}`. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  readonly detail: string | readonly Misplaced[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string | readonly Misplaced[], headers: Readonly<Record<string, string>> = {}) {
    super(typeof detail === 'string' ? detail : detail.map(({ msg }) => msg).join('; '));
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/** Understood as HTTP, but not as what the route takes. */
export const unprocessable = (misplaced: Misplaced): HttpError => new HttpError(422, [misplaced]);

/** The original's words, its slip of the pen included. */
export const unsupportedKeys = (keys: readonly string[]): HttpError =>
  new HttpError(400, `Request contains keys the are not supported: {${keys.map((key) => `'${key}'`).join(', ')}}.`);
