/** Until it ends, or nobody wants more of it. */
export function consumed(
  stream: NodeJS.ReadableStream,
  take: (piece: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  const close = (): void => {
    if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
  };
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  return new Promise<void>((resolve, reject) => {
    stream.on('data', take);
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', (error: Error) => (signal.aborted ? resolve() : reject(error)));
  }).finally(() => signal.removeEventListener('abort', close));
}

/** Reads a stream of JSON, one object a line. */
export function eachObject<T>(take: (told: T) => void): (piece: Buffer) => void {
  let rest = '';
  return (piece) => {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') take(JSON.parse(line));
  };
}
