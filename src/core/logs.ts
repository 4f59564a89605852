import type { JsonObject } from './json.ts';

/** What a person does with the log of a running assistant. */
export interface LogDesk {
  /** The latest lines, oldest first: 500 at most. */
  lines(): readonly LogEntry[];
  /** Each line from now on. Returns what ends it. */
  watch(listener: (entry: LogEntry) => void): () => void;
  level(): LogLevel | 'silent';
  /** Until the end of the process, or the next change. */
  setLevel(level: LogLevel | 'silent'): void;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

export interface LogEntry {
  /** Tells lines of this process from those of others. */
  readonly process: string;
  /** From 1, without gaps. */
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  readonly level: LogLevel;
  /** The part of the program that says it. */
  readonly target: string;
  readonly message: string;
  readonly fields: JsonObject;
}
