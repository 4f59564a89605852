import type { AnyActorLogic } from 'xstate';
import type { NameRegistry } from '../process/registry.ts';
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
  /** Its end may end the supervisor: see `autoShutdown` there. Default false. */
  readonly significant?: boolean;
  /** Registered name: finds the live incarnation wherever it is in the tree. */
  readonly name?: Name;
  /**
   * For a child whose start is asynchronous: it has started once this holds for its snapshot. Until then the next
   * sibling waits. A child that ends first has failed to start. Default: started at once.
   */
  readonly ready?: (snapshot: unknown) => boolean;
  /** What whoever starts the child is told besides its reference, read from the snapshot it is ready with. */
  readonly info?: (snapshot: unknown) => unknown;
  /** Of a worker; default 1000, `reject`. */
  readonly mailbox?: MailboxLimit;
  /** What progress means for this child and how long it may take; without, it may take as long as it likes. */
  readonly progress?: ProgressLimit;
  /** Waits before restarts; without, a child is restarted at once, as OTP does. */
  readonly backoff?: Backoff;
}

export type RestartType = 'permanent' | 'transient' | 'temporary';

export type Shutdown = number | 'brutal_kill' | 'infinity';

/** A name among the system's own, or one that another registry keeps. */
export type Name = string | { readonly via: NameRegistry; readonly name: unknown };

/** What waits at most, and what happens to a message that finds no room. */
export interface MailboxLimit {
  /** Default 1000. */
  readonly capacity?: number;
  /**
   * `reject` (default): the message that arrives is refused; `drop-oldest`: the one that has waited longest gives
   * way; `park`: it waits outside, in order, until there is room (see `offer`), up to `parking` of them.
   */
  readonly overflow?: 'reject' | 'drop-oldest' | 'park';
  /** Messages that may be parked; default ten times the capacity. */
  readonly parking?: number;
  /** Whether what waits when the child ends goes to its next incarnation. Default false: it is lost, as in OTP. */
  readonly keep?: boolean;
}

/** A child that makes no progress for that long, while it has something to do, has hung: it is treated as crashed. */
export interface ProgressLimit {
  /** Milliseconds. */
  readonly within: number;
  /**
   * What counts: `state` (default), the snapshot has changed; `signal`, `reportProgress` was called for it;
   * `mailbox`, it has taken a message (and has something to do while messages wait).
   */
  readonly by?: 'state' | 'signal' | 'mailbox';
  /** Whether it has something to do; default: always. An actor that only waits to be spoken to has not. */
  readonly busy?: (snapshot: unknown) => boolean;
}

/** The wait before the nth restart in a row is `initial * factor^(n-1)`, at most `max`, give or take the jitter. */
export interface Backoff {
  /** Milliseconds. */
  readonly initial: number;
  readonly max: number;
  /** Default 2. */
  readonly factor?: number;
  /** Share of the wait that is random, 0 to 1; default 0.2. */
  readonly jitter?: number;
  /** A child that ran for that many milliseconds starts over with `initial`; default `max`. */
  readonly healthyAfter?: number;
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
  readonly significant: boolean;
  readonly name: Name | undefined;
  readonly ready: ((snapshot: unknown) => boolean) | undefined;
  readonly info: ((snapshot: unknown) => unknown) | undefined;
  readonly mailbox: Required<MailboxLimit>;
  readonly progress: ProgressLimit | undefined;
  readonly backoff: Required<Backoff> | undefined;
}

const WORKER_SHUTDOWN_MS = 5_000;
const DEFAULT_MAILBOX = resolveMailbox({});

/** Fills in the defaults of a specification that has been checked. */
export function resolveSpec(spec: ChildSpec): ResolvedChildSpec {
  const type = spec.type ?? (isSupervisorLogic(spec.logic) ? 'supervisor' : 'worker');
  const supervisor = type === 'supervisor';
  return {
    id: spec.id,
    logic: spec.logic,
    input: spec.input,
    restart: spec.restart ?? 'permanent',
    shutdown: spec.shutdown ?? (supervisor ? 'infinity' : WORKER_SHUTDOWN_MS),
    graceful: spec.graceful ?? isSupervisorLogic(spec.logic),
    type,
    significant: spec.significant ?? false,
    name: spec.name,
    ready: spec.ready ?? (isSupervisorLogic(spec.logic) ? isSupervisorReady : undefined),
    info: spec.info,
    mailbox: spec.mailbox ? resolveMailbox(spec.mailbox) : DEFAULT_MAILBOX,
    progress: spec.progress,
    backoff: spec.backoff && {
      factor: 2,
      jitter: 0.2,
      healthyAfter: spec.backoff.max,
      ...spec.backoff,
    },
  };
}

export function resolveMailbox(limit: MailboxLimit): Required<MailboxLimit> {
  const capacity = limit.capacity ?? 1_000;
  return {
    capacity,
    overflow: limit.overflow ?? 'reject',
    parking: limit.parking ?? capacity * 10,
    keep: limit.keep ?? false,
  };
}
