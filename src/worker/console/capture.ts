/** A stream as far as it is written to: `process.stdout` and `process.stderr`. */
interface Written {
  write(chunk: string | Uint8Array, ...rest: unknown[]): boolean;
}

/**
 * What this process prints goes on to where it went, and its text to `listener` as well. Text that is printed while the
 * listener runs (a failure of its own, say) is not told again. Gives what ends the capture.
 */
export function capturePrinting(streams: readonly Written[], listener: (text: string) => void): () => void {
  let isTelling = false;
  const tell = (chunk: string | Uint8Array): void => {
    if (isTelling) return;
    isTelling = true;
    try {
      listener(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    } finally {
      isTelling = false;
    }
  };
  const releases = streams.map((stream) => {
    const original = stream.write.bind(stream);
    stream.write = (chunk, ...rest) => {
      tell(chunk);
      return original(chunk, ...rest);
    };
    return () => {
      stream.write = original;
    };
  });
  return () => {
    for (const release of releases) release();
  };
}
