import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { LogDesk, LogEntry, LogLevel } from '../core/logs.ts';

/** The latest lines of a log, and whoever looks on. */
export interface LogRing {
  /** For `pino.multistream`: takes each line as it goes to the file. */
  readonly stream: { write(line: string): void };
  /** Of the logger that writes into it. */
  desk(log: Pick<Logger, 'level'>): LogDesk;
}

const KEPT = 500;

interface Kept {
  readonly number: number;
  readonly line: string;
}

/**
 * Keeps lines as they were written, and reads them only where somebody looks: a line that nobody looks at costs one
 * place in a ring. At most 500 lines of a few hundred bytes each.
 */
export function createLogRing(): LogRing {
  const process = randomBytes(6).toString('hex');
  const ring: Kept[] = [];
  const listeners = new Set<(entry: LogEntry) => void>();
  let count = 0;

  return {
    stream: {
      write(line) {
        const kept = { number: ++count, line };
        ring[(count - 1) % KEPT] = kept;
        if (listeners.size === 0) return;
        const entry = entryOf(kept, process);
        for (const listener of [...listeners]) listener(entry);
      },
    },
    desk: (log) => ({
      lines() {
        const oldest = count % KEPT;
        const inOrder = count > KEPT ? [...ring.slice(oldest), ...ring.slice(0, oldest)] : ring;
        return inOrder.map((kept) => entryOf(kept, process));
      },
      watch(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      level: () => (log.level === 'silent' ? 'silent' : levelOf(log.level)),
      setLevel(level) {
        log.level = level;
      },
    }),
  };
}

const LEVEL_NAMES: Readonly<Record<string, LogLevel>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'fatal',
};

const levelOf = (written: Json | undefined): LogLevel => LEVEL_NAMES[String(written)] ?? 'info';

function entryOf({ number, line }: Kept, process: string): LogEntry {
  const { level, time, msg = '', ...fields } = parsed(line);
  return {
    process,
    number,
    at: new Date(Number(time)).toISOString(),
    level: levelOf(level),
    target: targetOf(fields),
    message: String(msg),
    fields,
  };
}

/** pino writes nothing but objects. */
function parsed(line: string): JsonObject {
  const value: Json = JSON.parse(line);
  return isJsonObject(value) ? value : {};
}

/** Lines name their subject rather than who wrote them; the subject tells the part of the program. */
const TARGETS: readonly (readonly [field: string, target: string])[] = [
  ['report', 'runtime'],
  ['blockedMs', 'runtime'],
  ['notice', 'database'],
  ['hook', 'hooks'],
  ['secret', 'secrets'],
  ['model', 'models'],
  ['request', 'gateway'],
  ['url', 'gateway'],
  ['clients', 'gateway'],
  ['unreadBytes', 'gateway'],
  ['channel', 'channels'],
  ['tool', 'tools'],
  ['conversationId', 'conversations'],
  ['turnId', 'conversations'],
  ['key', 'conversations'],
  ['effectId', 'conversations'],
  ['run', 'memory'],
  ['path', 'memory'],
];

function targetOf(fields: JsonObject): string {
  if (typeof fields.target === 'string') return fields.target;
  return TARGETS.find(([field]) => Object.hasOwn(fields, field))?.[1] ?? 'assistant';
}
