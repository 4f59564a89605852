/** Output of a guest, cut into lines. */
export interface LineSink {
  readonly write: (bytes: Uint8Array) => void;
  /** Ends a last line that has no line feed. */
  readonly flush: () => void;
}

/** In bytes; the rest of a longer line is dropped. */
const MAX_LINE = 4_096;
const LINE_FEED = 10;

export function createLineSink(onLine: (line: string) => void): LineSink {
  const line = new Uint8Array(MAX_LINE);
  let length = 0;
  const append = (bytes: Uint8Array): void => {
    const fitting = bytes.subarray(0, MAX_LINE - length);
    line.set(fitting, length);
    length += fitting.length;
  };
  const flush = (): void => {
    if (length > 0) onLine(new TextDecoder().decode(line.subarray(0, length)));
    length = 0;
  };
  return {
    write(bytes) {
      let rest = bytes;
      for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
        append(rest.subarray(0, end));
        flush();
        rest = rest.subarray(end + 1);
      }
      append(rest);
    },
    flush,
  };
}
