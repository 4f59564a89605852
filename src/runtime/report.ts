import type { EventObject } from 'xstate';
import type { ExitReason } from './exit.ts';

/** What the runtime tells about itself. Fields only; how they are written is the reader's affair. */
export type SupervisorReport =
  | ({ readonly type: 'child_started' } & Offender)
  /** A child ended that should have gone on. */
  | ({ readonly type: 'child_terminated'; readonly reason: ExitReason } & Offender)
  | ({ readonly type: 'start_error'; readonly reason: ExitReason } & Offender)
  /** A child failed, or had to be killed, while it was being stopped. */
  | ({ readonly type: 'shutdown_error'; readonly reason: ExitReason } & Offender)
  /** The supervisor gives up: too many restarts in its period. */
  | { readonly type: 'shutdown'; readonly supervisor: string; readonly reason: string }
  | {
      readonly type: 'dead_letter';
      /** The path or registered name that was meant. */
      readonly receiver: string;
      readonly event: EventObject;
      readonly reason: DeadLetterReason;
    }
  /** An inspector threw. It goes on receiving. */
  | { readonly type: 'inspector_error'; readonly error: Error };

export type DeadLetterReason = 'mailbox-full' | 'dropped-oldest' | 'no-receiver' | 'receiver-stopped';

/** The child a report is about. */
export interface Offender {
  /** Path of the supervisor. */
  readonly supervisor: string;
  /** Path of the child. */
  readonly child: string;
  readonly incarnation: number;
}
