import type { AnyActorRef } from 'xstate';
import { err, type Result } from '../../core/result.ts';
import { checkChildSpecs } from './check-specs.ts';
import { type Child, isLive, isRestarting } from './child.ts';
import type { ChildSpec, ResolvedChildSpec } from './child-spec.ts';
import { supervisionOf } from './supervisor.ts';
import type {
  DeleteResult,
  InstanceOptions,
  NoSupervisor,
  ReconfigureResult,
  Reply,
  RestartResult,
  StartResult,
  SupervisorCall,
  TerminateResult,
} from './supervisor-call.ts';
import { resolveFlags, type SupervisorOptions } from './supervisor-flags.ts';

/** One child, as its supervisor sees it. */
export interface ChildInfo {
  readonly id: string;
  /** The live incarnation; `restarting` between two of them; undefined where it is stopped. */
  readonly child: AnyActorRef | 'restarting' | undefined;
  readonly type: 'worker' | 'supervisor';
}

export interface ChildCounts {
  /** Specifications known, of children that run or do not; of a `simple_one_for_one` supervisor its one template. */
  readonly specs: number;
  readonly active: number;
  readonly supervisors: number;
  readonly workers: number;
}

/**
 * Adds a child and starts it; resolves when it is ready, without a reference where it ignored its start.
 *
 * Errors: `already-started` (with its `ref`, ready), `already-present` (known, but stopped or about to be restarted),
 * `start-failed` (with the `reason`; the child is forgotten), `invalid-spec`, `simple-one-for-one` (see
 * `startInstance`), `noproc` (the supervisor has ended, or ends meanwhile).
 */
export function startChild(supervisor: AnyActorRef, spec: ChildSpec): Promise<StartResult> {
  const checked = checkChildSpecs([spec], supervisionOf(supervisor)?.flags.autoShutdown);
  const [resolved] = checked.ok ? checked.value : [];
  if (!checked.ok) return Promise.resolve(err({ kind: 'invalid-spec', reason: checked.error }));
  if (!resolved) throw new Error('a specification that was checked has no result');
  return call<StartResult>(supervisor, (reply) => ({ ask: 'startChild', spec: resolved, reply }));
}

/**
 * Starts one more instance of a `simple_one_for_one` supervisor's template, with this input instead of the
 * template's. An instance has no specification of its own: once it has ended for good nothing is left of it, and the
 * same id may be started anew. Errors as `startChild`; `already-started` and `already-present` only where an id was
 * given.
 */
export function startInstance(
  supervisor: AnyActorRef,
  input?: unknown,
  as: InstanceOptions = {},
): Promise<StartResult> {
  return call<StartResult>(supervisor, (reply) => ({ ask: 'startInstance', input, as, reply }));
}

/** Starts a child again that is stopped; resolves when it is ready. After `start-failed` it stays known and stopped. */
export function restartChild(supervisor: AnyActorRef, id: string): Promise<RestartResult> {
  return call<RestartResult>(supervisor, (reply) => ({ ask: 'restartChild', id, reply }));
}

/**
 * Stops a child and resolves once it has ended; a pending restart is cancelled. Its specification stays, unless it is
 * temporary. Errors: `not-found`, `simple-one-for-one` (see `terminateInstance`), `noproc`.
 */
export function terminateChild(supervisor: AnyActorRef, id: string): Promise<TerminateResult> {
  return call<TerminateResult>(supervisor, (reply) => ({ ask: 'terminateChild', id, reply }));
}

/**
 * Stops the instance that has, or last had, this reference. One that is dead already is fine; a live actor that is
 * not this supervisor's is `not-found`.
 */
export function terminateInstance(supervisor: AnyActorRef, ref: AnyActorRef): Promise<TerminateResult> {
  return call<TerminateResult>(supervisor, (reply) => ({ ask: 'terminateInstance', ref, reply }));
}

/** Forgets a child that is stopped. Errors: `running`, `restarting`, `not-found`, `simple-one-for-one`, `noproc`. */
export function deleteChild(supervisor: AnyActorRef, id: string): Promise<DeleteResult> {
  return call<DeleteResult>(supervisor, (reply) => ({ ask: 'deleteChild', id, reply }));
}

/**
 * Changes flags and specifications of a running supervisor, as OTP's code change does: known children take their new
 * specification with their next incarnation and keep running, new ones are known but not started, those not named
 * any more stay. Errors: `invalid-spec` (all stays as it was), `noproc`.
 *
 * @param options without: the supervisor's own `init` is asked again
 */
export function reconfigure(
  supervisor: AnyActorRef,
  options?: SupervisorOptions,
): Promise<ReconfigureResult> {
  const flags = options && attempt(() => resolveFlags(options));
  if (flags instanceof Error) return Promise.resolve(err({ kind: 'invalid-spec', reason: flags }));
  return call<ReconfigureResult>(supervisor, (reply) => ({ ask: 'reconfigure', flags, reply }));
}

/** Last started first, as in OTP. None where the supervisor has ended. */
export function whichChildren(supervisor: AnyActorRef): readonly ChildInfo[] {
  return [...childrenOf(supervisor)].reverse().map((child) => ({
    id: child.spec.id,
    child: isRestarting(child) ? 'restarting' : child.ref,
    type: child.spec.type,
  }));
}

/** None where the supervisor has ended. */
export function countChildren(supervisor: AnyActorRef): ChildCounts {
  const children = childrenOf(supervisor);
  const supervisors = children.filter(({ spec }) => spec.type === 'supervisor').length;
  return {
    specs: isSimple(supervisor) ? 1 : children.length,
    active: children.filter(isLive).length,
    supervisors,
    workers: children.length - supervisors,
  };
}

/** The specification of a child by its id, or of an instance by its reference, with its defaults filled in. */
export function getChildSpec(
  supervisor: AnyActorRef,
  which: string | AnyActorRef,
): Result<ResolvedChildSpec, { readonly kind: 'not-found' } | NoSupervisor> {
  const supervision = supervisionOf(supervisor);
  if (!supervision || !isRunning(supervisor)) return err({ kind: 'noproc' });
  const { roster } = supervision;
  const child = typeof which === 'string' ? roster.get(which) : roster.instance(which);
  return child ? { ok: true, value: child.spec } : err({ kind: 'not-found' });
}

function isRunning(supervisor: AnyActorRef): boolean {
  return supervisor.getSnapshot().status === 'active';
}

function isSimple(supervisor: AnyActorRef): boolean {
  return isRunning(supervisor) && supervisionOf(supervisor)?.flags.strategy === 'simple_one_for_one';
}

/** In start order. */
function childrenOf(supervisor: AnyActorRef): readonly Child[] {
  return isRunning(supervisor) ? [...(supervisionOf(supervisor)?.roster ?? [])] : [];
}

function attempt<T>(action: () => T): T | Error {
  try {
    return action();
  } catch (thrown) {
    if (thrown instanceof Error) return thrown;
    throw thrown;
  }
}

/** Resolves with the supervisor's reply, or with `noproc` where it has ended or ends before it replies. */
function call<T>(
  supervisor: AnyActorRef,
  request: (reply: Reply<T | { readonly ok: false; readonly error: NoSupervisor }>) => SupervisorCall,
): Promise<T | { readonly ok: false; readonly error: NoSupervisor }> {
  const supervision = supervisionOf(supervisor);
  if (!supervision) throw new Error(`${supervisor.id} is not a running supervisor`);
  if (!isRunning(supervisor)) return Promise.resolve(err({ kind: 'noproc' }));
  return new Promise((resolve) => {
    const ended = () => resolve(err({ kind: 'noproc' }));
    supervision.callers.add(ended);
    const reply = (answer: T | { readonly ok: false; readonly error: NoSupervisor }) => {
      supervision.callers.delete(ended);
      resolve(answer);
    };
    supervisor.send({ type: 'supervisor.called', call: request(reply) });
  });
}
