import type { Artefact } from '../artefact.ts';
import type { LogLevel } from '../slot/guest/log.ts';
import type { TrapReason } from '../slot/guest/trap.ts';
import type { GuestValue } from '../slot/guest/values.ts';

/** One call of a function that a component exports, in an instance of its own. */
export interface GuestCall {
  /** The same hash must always mean the same artefact: a slot loads each only once. */
  readonly artefact: Artefact;
  /** The function's name in WIT, of whichever interface exports it: `execute`, `schema`, `on-start`. */
  readonly entry: string;
  readonly args: readonly GuestValue[];
  /** About one unit an instruction; IronClaw gives 500,000,000. */
  readonly fuel: number;
  /** Wall time from the moment when the call is given to a slot. As much again may pass in the queue. */
  readonly deadlineMs: number;
  readonly host: GuestHost;
  readonly signal: AbortSignal;
}

/** Whatever a guest may ask of us beyond its log and the time. */
export interface GuestHost {
  /**
   * One import by its WIT name: `http-request`, `tool-invoke`, `secret-exists`. The answer becomes the function's
   * value: `ok` is the value itself (undefined for no value), `err` the error of a result; `err` to a function
   * without a result ends the call as trapped by `host`. Never rejects. The signal says that nobody waits any more.
   */
  call(name: string, args: readonly GuestValue[], signal: AbortSignal): Promise<HostAnswer>;
}

export type HostAnswer = { readonly ok: GuestValue } | { readonly err: GuestValue };

export interface GuestLog {
  readonly level: LogLevel;
  /** At most 4,096 UTF-16 code units. */
  readonly message: string;
}

export type GuestEnd =
  | { readonly kind: 'returned'; readonly value: GuestValue }
  /** The function returns a result, and this is its error. */
  | { readonly kind: 'failed'; readonly error: GuestValue }
  | { readonly kind: 'trapped'; readonly reason: TrapReason; readonly message: string }
  | { readonly kind: 'deadline' }
  /** The process ended under the call. What the guest had asked of its host by then has happened. */
  | { readonly kind: 'slot-lost'; readonly message: string }
  | { readonly kind: 'cancelled' }
  /** The call never began. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** As of the last message from the slot where the call did not end by itself. */
export interface GuestReport {
  readonly fuelUsed: number;
  readonly memoryBytes: number;
  /** At most 1,000. */
  readonly logs: readonly GuestLog[];
  readonly droppedLogs: number;
}

export type GuestOutcome = GuestEnd & GuestReport;

export const NO_REPORT: GuestReport = { fuelUsed: 0, memoryBytes: 0, logs: [], droppedLogs: 0 };
