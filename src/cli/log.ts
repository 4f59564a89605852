import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DestinationStream, type Logger, multistream, pino } from 'pino';
import { coerceError, IronbarkError } from '../core/errors.ts';
import type { LogDesk } from '../core/logs.ts';
import type { Output } from './context.ts';
import { createLogRing } from './log-desk.ts';

/** A log that must be closed, so that what it still holds reaches the disk. */
export interface Log {
  readonly log: Logger;
  readonly desk: LogDesk;
  close(): void;
}

/** Where the log of a home folder is written. */
export function logPath(home: string): string {
  return join(home, 'logs', 'ironbark.log');
}

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** JSON lines in `<home>/logs/ironbark.log`; warnings and worse also to `warnings`, where one is given. */
export function openLog(home: string, level: Level, warnings?: Output): Log {
  const file = openFile(logPath(home));
  const ring = createLogRing();
  // The logger itself keeps out what is below its level, which may be changed later.
  const streams: { level: Level; stream: DestinationStream }[] = [
    { level: 'trace', stream: file },
    { level: 'trace', stream: ring.stream },
  ];
  if (warnings) streams.push({ level: 'warn', stream: { write: (line) => void warnings.write(line) } });
  const log = pino({ level, base: null }, multistream(streams));
  return { log, desk: ring.desk(log), close: () => file.flushSync() };
}

function openFile(path: string) {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return pino.destination({ dest: path, mode: 0o600, sync: true });
  } catch (cause) {
    const message = `The log in ${folder} cannot be written: ${coerceError(cause).message}`;
    const hint = 'Make the folder yours to write, or choose another with --home.';
    throw new IronbarkError('storage', message, hint, { cause });
  }
}
