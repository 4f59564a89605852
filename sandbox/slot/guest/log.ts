import { type GuestValue, pack, type RawParts } from './values.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** IronClaw's limits: https://github.com/nearai/ironclaw */
export const MAX_LOG_ENTRIES = 1_000;
/** In UTF-16 code units. */
export const MAX_LOG_MESSAGE = 4_096;

/** What a guest logged since the last report. One string for all: a thousand small ones cost more to carry. */
export interface PackedLog {
  /** The index of each entry's level, one digit each. */
  readonly levels: string;
  readonly lengths: readonly number[];
  readonly text: unknown;
  /** How many entries of the whole call so far were dropped. */
  readonly dropped: number;
}

export interface Log {
  readonly add: (level: LogLevel, message: string) => void;
  /** Takes what has gathered. O(its size). */
  readonly flush: (raw: RawParts) => PackedLog;
}

export function createLog(): Log {
  let entries: { readonly level: LogLevel; readonly message: string }[] = [];
  let taken = 0;
  let dropped = 0;
  return {
    add(level, message) {
      if (taken === MAX_LOG_ENTRIES) {
        dropped++;
        return;
      }
      taken++;
      entries.push({ level, message: message.slice(0, MAX_LOG_MESSAGE).toWellFormed() });
    },
    flush(raw) {
      const packed = {
        levels: entries.map(({ level }) => LOG_LEVELS.indexOf(level)).join(''),
        lengths: entries.map(({ message }) => message.length),
        text: pack(entries.map(({ message }) => message).join(''), raw),
        dropped,
      };
      entries = [];
      return packed;
    },
  };
}

export const isLogLevel = (value: GuestValue): value is LogLevel =>
  LOG_LEVELS.some((level) => level === value);
