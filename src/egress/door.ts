import type { Duplex } from 'node:stream';
import type { Allowance } from './allowance.ts';
import type { EgressOrder, EgressServices } from './egress.ts';
import type { EgressLimits } from './limits.ts';
import type { RequestLog } from './request-log.ts';

/** What the requests through one door share. */
export interface Door {
  readonly order: EgressOrder;
  readonly services: EgressServices;
  readonly limits: EgressLimits;
  readonly allowance: Allowance;
  readonly log: RequestLog;
  readonly count: (what: 'answered' | 'refused' | 'failed') => void;
  /** Aborted as the door is closed. */
  readonly signal: AbortSignal;
  /** Connections on which something came that was no request; why is on record. */
  readonly hungUpOn: WeakSet<Duplex>;
}
