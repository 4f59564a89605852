import type { AnyActorLogic } from 'xstate';
import { isSupervisorLogic, isSupervisorReady } from './supervisor-logic.ts';

/** How a supervisor starts, restarts and stops one child. */
export interface ChildSpec {
  /** Unique among its siblings. */
  readonly id: string;
  readonly logic: AnyActorLogic;
  /** Given to every incarnation. */
  readonly input?: unknown;
  /**
   * `permanent` (default): always restarted; `transient`: only after an error; `temporary`: never, not even when
   * its siblings are.
   */
  readonly restart?: RestartType;
  /** Milliseconds the child has to end once told to. Default: 5000 for a worker, `infinity` for a supervisor. */
  readonly shutdown?: Shutdown;
  /**
   * The actor handles the event `supervisor.shutdown` by ending itself, and is given `shutdown` milliseconds for it.
   * Without it, it is stopped at once the way XState stops actors (promises see their signal aborted, callbacks are
   * disposed). Supervisors are graceful by themselves.
   */
  readonly graceful?: boolean;
  /** Default: what the logic is. */
  readonly type?: 'worker' | 'supervisor';
  /** Registered name: finds the live incarnation wherever it is in the tree. */
  readonly name?: string;
  /**
   * For a child whose start is asynchronous: it has started once this holds for its snapshot. Until then the next
   * sibling waits. A child that ends first has failed to start. Default: started at once.
   */
  readonly ready?: (snapshot: unknown) => boolean;
  /** Of a worker; default 1000, `reject`. */
  readonly mailbox?: MailboxLimit;
}

export type RestartType = 'permanent' | 'transient' | 'temporary';

export type Shutdown = number | 'brutal_kill' | 'infinity';

/** What waits at most, and which message gives way: the one that arrives, or the one that has waited longest. */
export interface MailboxLimit {
  readonly capacity: number;
  readonly overflow: 'reject' | 'drop-oldest';
}

/** A specification with its defaults filled in. */
export interface ResolvedChildSpec {
  readonly id: string;
  readonly logic: AnyActorLogic;
  readonly input: unknown;
  readonly restart: RestartType;
  readonly shutdown: Shutdown;
  readonly graceful: boolean;
  readonly type: 'worker' | 'supervisor';
  readonly name: string | undefined;
  readonly ready: ((snapshot: unknown) => boolean) | undefined;
  readonly mailbox: MailboxLimit;
}

const WORKER_SHUTDOWN_MS = 5_000;
const MAILBOX: MailboxLimit = { capacity: 1_000, overflow: 'reject' };

export function resolveSpec(spec: ChildSpec): ResolvedChildSpec {
  const type = spec.type ?? (isSupervisorLogic(spec.logic) ? 'supervisor' : 'worker');
  const supervisor = type === 'supervisor';
  return {
    id: spec.id,
    logic: spec.logic,
    input: spec.input,
    restart: spec.restart ?? 'permanent',
    shutdown: spec.shutdown ?? (supervisor ? 'infinity' : WORKER_SHUTDOWN_MS),
    graceful: spec.graceful ?? supervisor,
    type,
    name: spec.name,
    ready: spec.ready ?? (isSupervisorLogic(spec.logic) ? isSupervisorReady : undefined),
    mailbox: spec.mailbox ?? MAILBOX,
  };
}
