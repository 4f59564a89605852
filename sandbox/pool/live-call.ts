import { MAX_LOG_ENTRIES } from '../slot/guest/log.ts';
import type { GuestCall, GuestEnd, GuestLog, GuestOutcome } from './call.ts';
import type { Progress } from './messages.ts';

/** `orphaned`: it computes still, but its outcome has been given already. */
export type Phase = 'computing' | 'waiting' | 'orphaned';

/** A call that a slot has. */
export interface LiveCall {
  /** Its number in the slot. */
  readonly number: number;
  /** The number of its component in the slot. */
  readonly component: number;
  readonly call: GuestCall;
  phase: Phase;
  /** Takes over what the slot reported. False where it is more than a slot of ours would. */
  readonly note: (progress: Progress) => boolean;
  /** Gives the outcome, once; later ones are ignored. Whatever the host still does for the call is told to stop. */
  readonly settle: (end: GuestEnd) => void;
  /** For the host: aborted when the call is settled. */
  readonly signal: () => AbortSignal;
}

export type CallPlace = Pick<LiveCall, 'number' | 'component' | 'call'>;

export function createLiveCall(place: CallPlace, resolve: (outcome: GuestOutcome) => void): LiveCall {
  const logs: GuestLog[] = [];
  let latest = { fuelUsed: 0, memoryBytes: 0, droppedLogs: 0 };
  let over: AbortController | undefined;
  let isSettled = false;
  return {
    ...place,
    phase: 'computing',
    note({ logs: added, ...rest }) {
      latest = rest;
      if (logs.length + added.length > MAX_LOG_ENTRIES) return false;
      logs.push(...added);
      return true;
    },
    settle(end) {
      if (isSettled) return;
      isSettled = true;
      resolve({ ...end, ...latest, logs });
      over?.abort();
    },
    signal() {
      over ??= new AbortController();
      if (isSettled) over.abort();
      return over.signal;
    },
  };
}
