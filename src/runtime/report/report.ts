import type { EventObject } from 'xstate';
import type { ExitReason } from '../process/exit.ts';
import type { RestartType, Shutdown } from '../supervisor/child-spec.ts';

/** What the runtime tells about itself, with OTP's fields. How it is written is `formatReport`'s affair. */
export type RuntimeReport =
  | SupervisorReport
  | ProgressReport
  | CrashReport
  | DeadLetterReport
  /** An inspector, a monitor's callback or another listener threw. It goes on receiving. */
  | { readonly type: 'listener_error'; readonly error: Error };

/** OTP's SUPERVISOR REPORT. */
export interface SupervisorReport {
  readonly type: 'supervisor_report';
  /** Path of the supervisor. */
  readonly supervisor: string;
  /**
   * `child_terminated`: a child ended that should have gone on; `start_error`: one could not be started;
   * `shutdown_error`: one failed, or had to be killed, while it was being stopped; `shutdown`: the supervisor gives
   * up.
   */
  readonly errorContext: 'child_terminated' | 'start_error' | 'shutdown_error' | 'shutdown';
  readonly reason: ExitReason;
  readonly offender: Offender;
}

/** OTP's PROGRESS REPORT: a child has started. */
export interface ProgressReport {
  readonly type: 'progress_report';
  readonly supervisor: string;
  readonly started: Offender;
}

/** OTP's CRASH REPORT: an actor ended with an error. It precedes its supervisor's own report. */
export interface CrashReport {
  readonly type: 'crash_report';
  readonly actor: string;
  readonly incarnation: number;
  /** What kind of logic it ran, for people. */
  readonly initialCall: string;
  readonly registeredName: string | undefined;
  readonly error: Error;
  /** Paths of the supervisors above it, nearest first. */
  readonly ancestors: readonly string[];
  readonly messageQueueLength: number;
  /** Paths of the actors it was linked with. */
  readonly links: readonly string[];
  /** The statechart's last state, for people. */
  readonly state: string;
}

export interface DeadLetterReport {
  readonly type: 'dead_letter';
  /** The path or registered name that was meant. */
  readonly receiver: string;
  readonly event: EventObject;
  readonly reason: DeadLetterReason;
}

export type DeadLetterReason =
  | 'mailbox-full'
  | 'parking-full'
  | 'dropped-oldest'
  | 'no-receiver'
  | 'receiver-stopped'
  | 'late-reply';

/** The child a report is about. */
export interface Offender {
  /** Path of the child; it stands where OTP has the pid. */
  readonly path: string;
  readonly incarnation: number;
  readonly id: string;
  /** What kind of logic it runs; it stands where OTP has `mfargs`. */
  readonly logic: string;
  readonly restartType: RestartType;
  readonly significant: boolean;
  readonly shutdown: Shutdown;
  readonly childType: 'worker' | 'supervisor';
  /** Instead of one child: so many instances of a `simple_one_for_one` supervisor. */
  readonly nbChildren?: number;
}
