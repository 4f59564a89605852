import { createLineSink, type LineSink } from './lines.ts';
import type { Log } from './log.ts';

/** The standard output and error of one call. */
export interface Output {
  readonly stdout: LineSink;
  readonly stderr: LineSink;
  readonly flush: () => void;
  /** The last lines of standard error: where a guest panicked, they say why. */
  readonly lastWords: () => string;
}

const LAST_LINES = 8;

export function createOutput(log: Log): Output {
  const last: string[] = [];
  const stdout = createLineSink((line) => log.add('info', line));
  const stderr = createLineSink((line) => {
    log.add('error', line);
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  });
  const flush = (): void => {
    stdout.flush();
    stderr.flush();
  };
  return {
    stdout,
    stderr,
    flush,
    lastWords: () => {
      flush();
      return last.filter((line) => !line.startsWith('note: run with `RUST_BACKTRACE')).join('\n');
    },
  };
}
