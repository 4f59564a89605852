import type { Frame } from '../slot/frame.ts';
import { LOG_LEVELS, MAX_LOG_ENTRIES, MAX_LOG_MESSAGE } from '../slot/guest/log.ts';
import { TRAP_REASONS, type TrapReason } from '../slot/guest/trap.ts';
import { type GuestValue, unpack } from '../slot/guest/values.ts';
import type { GuestEnd, GuestLog } from './call.ts';

/** What a slot says of a call with each message. `logs` are those since the message before. */
export interface Progress {
  readonly fuelUsed: number;
  readonly memoryBytes: number;
  readonly logs: readonly GuestLog[];
  readonly droppedLogs: number;
}

export interface Question {
  readonly progress: Progress;
  readonly name: string;
  readonly args: readonly GuestValue[];
}

export interface Done {
  readonly progress: Progress;
  readonly end: GuestEnd;
}

/** Undefined where the frame is not what a slot of ours sends: it is a hostile process's until shown otherwise. */
export function readQuestion({ header, raw }: Frame): Question | undefined {
  return guarded(() => {
    const message = record(JSON.parse(header));
    const args = unpack(message.args, raw);
    if (!Array.isArray(args)) throw new TypeError('args');
    return { progress: readProgress(message, raw), name: shortText(message.name), args };
  });
}

/** Undefined as with `readQuestion`. */
export function readDone({ header, raw }: Frame): Done | undefined {
  return guarded(() => {
    const message = record(JSON.parse(header));
    return { progress: readProgress(message, raw), end: readEnd(message, raw) };
  });
}

function readEnd(message: Fields, raw: Uint8Array): GuestEnd {
  switch (message.kind) {
    case 'returned':
      return { kind: 'returned', value: unpack(message.value, raw) };
    case 'failed':
      return { kind: 'failed', error: unpack(message.value, raw) };
    case 'trapped':
      return { kind: 'trapped', reason: trapReason(message.reason), message: shortText(message.message) };
    default:
      throw new TypeError('kind');
  }
}

function readProgress({ log, fuel, memory }: Fields, raw: Uint8Array): Progress {
  const { levels, lengths, text, dropped } = record(log);
  return {
    fuelUsed: amount(fuel),
    memoryBytes: amount(memory),
    logs: readLogs(shortText(levels), lengths, unpack(text, raw)),
    droppedLogs: amount(dropped),
  };
}

function readLogs(levels: string, lengths: unknown, text: GuestValue): readonly GuestLog[] {
  if (!Array.isArray(lengths) || lengths.length > MAX_LOG_ENTRIES || typeof text !== 'string')
    throw new TypeError('log');
  let at = 0;
  return lengths.map((length: unknown, index) => {
    const level = LOG_LEVELS[Number(levels[index])];
    if (level === undefined || amount(length) > MAX_LOG_MESSAGE) throw new TypeError('log');
    const message = text.slice(at, at + amount(length));
    at += amount(length);
    return { level, message };
  });
}

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function record(value: unknown): Fields {
  if (isRecord(value)) return value;
  throw new TypeError('not an object');
}

function amount(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError('not an amount');
}

const MAX_SHORT_TEXT = 4_096;

function shortText(value: unknown): string {
  if (typeof value === 'string' && value.length <= MAX_SHORT_TEXT) return value;
  throw new TypeError('not a short text');
}

function trapReason(value: unknown): TrapReason {
  const reason = TRAP_REASONS.find((known) => known === value);
  if (reason) return reason;
  throw new TypeError('not a reason');
}

function guarded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
