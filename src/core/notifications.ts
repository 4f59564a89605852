import type { Origin } from './journal.ts';

/** What the user is told that they did not ask for just now. */
export type NotificationKind =
  | 'job.completed'
  | 'job.failed'
  | 'job.stuck'
  | 'job.asks'
  | 'routine.ok'
  | 'routine.attention'
  | 'routine.failed'
  | 'routine.disabled'
  | 'routine.missed'
  | 'routine.late'
  | 'routine.used-up'
  | 'heartbeat.attention'
  | 'heartbeat.failing'
  | 'repair.asks'
  | 'repair.done';

export interface Notification {
  readonly kind: NotificationKind;
  /** The same key is told once, whoever says it again. */
  readonly key: string;
  /** Who says so, in words: `the job "tidy up"`. */
  readonly from: string;
  readonly text: string;
  /** Where it belongs; null: in the user's latest conversation. */
  readonly conversationId: string | null;
  readonly origins: readonly Origin[];
}
