/** Sources that did not answer in time; they are still searched for. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
  readonly sources: readonly string[];
  readonly timeout: number;

  constructor(sources: readonly string[], timeout: number, options?: ErrorOptions) {
    super(`Not connected within ${timeout} s: ${sources.join(', ')}`, options);
    this.sources = sources;
    this.timeout = timeout;
  }
}

/** Several failures to connect as one: what is silent is listed together, whatever else is wrong stands beside it. */
export function connectionError(device: string, failures: readonly unknown[]): Error {
  const silent = failures.filter((failure) => failure instanceof NotConnectedError);
  const others = failures.filter((failure) => !(failure instanceof NotConnectedError));
  const [first] = silent;
  if (first !== undefined && others.length === 0) {
    return new NotConnectedError([...new Set(silent.flatMap(({ sources }) => sources))], first.timeout);
  }
  const sentences = [...others, ...silent].map((failure) => (failure as Error).message);
  return new AggregateError(failures, `${device} cannot be connected: ${sentences.join('; ')}`);
}
