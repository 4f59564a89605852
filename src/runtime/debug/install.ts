import type { AnyActorRef } from 'xstate';
import { err, ok, type Result } from '../../core/result.ts';
import { contextOf } from '../context.ts';
import {
  attach,
  type DebugEvent,
  detach,
  detachAll,
  isAttached,
  type NotDebuggable,
  openMailbox,
} from './tap.ts';

/** What an actor has done since it was asked to count. */
export interface Statistics {
  /** When counting began, and now, in milliseconds on the runtime's clock. */
  readonly startTime: number;
  readonly currentTime: number;
  readonly messagesIn: number;
  /** Messages it has handled; it stands where OTP has reductions. */
  readonly handled: number;
}

/** OTP's default. */
const LOG_SIZE = 10;

const TRACE = Symbol('trace');
const LOG = Symbol('log');
const STATISTICS = Symbol('statistics');

const logs = new WeakMap<AnyActorRef, DebugEvent[]>();
const counters = new WeakMap<AnyActorRef, { startTime: number; messagesIn: number; handled: number }>();

/**
 * Installs a function that folds an actor's debug events into a state of its own. It is taken off when it returns
 * `done`, or throws. A second one of the same id is not installed, as in OTP.
 *
 * @example install(ref, 'first-payment', 0, (seen, event) => ('in' in event && seen > 2 ? 'done' : seen + 1))
 */
export function install<State>(
  ref: AnyActorRef,
  id: string,
  initial: State,
  fold: (state: State, event: DebugEvent) => State | 'done',
): Result<undefined, NotDebuggable> {
  if (isAttached(ref, id)) return ok(undefined);
  let state = initial;
  return attach(ref, id, (event) => {
    const next = fold(state, event);
    if (next === 'done') return 'done';
    state = next;
    return undefined;
  });
}

/** Takes off what was installed. */
export function remove(ref: AnyActorRef, id: string): void {
  detach(ref, id);
}

/** Shows every debug event to a callback; `undefined` ends it. */
export function trace(
  ref: AnyActorRef,
  show: ((event: DebugEvent) => void) | undefined,
): Result<undefined, NotDebuggable> {
  if (!show) return switchOff(ref, TRACE);
  return attach(ref, TRACE, (event) => {
    show(event);
    return undefined;
  });
}

/** Keeps the last debug events; `false` ends it and drops them. */
export function log(ref: AnyActorRef, size: number | false = LOG_SIZE): Result<undefined, NotDebuggable> {
  logs.delete(ref);
  if (size === false) return switchOff(ref, LOG);
  const kept: DebugEvent[] = [];
  logs.set(ref, kept);
  return attach(ref, LOG, (event) => {
    kept.push(event);
    if (kept.length > size) kept.shift();
    return undefined;
  });
}

/** What is in the log, oldest first; nothing where there is none. It outlives its actor. */
export function getLog(ref: AnyActorRef): readonly DebugEvent[] {
  return [...(logs.get(ref) ?? [])];
}

/** Begins to count, from zero; `false` ends it. */
export function statistics(ref: AnyActorRef, on = true): Result<undefined, NotDebuggable> {
  counters.delete(ref);
  if (!on) return switchOff(ref, STATISTICS);
  const counter = { startTime: contextOf(ref.system).clock.now(), messagesIn: 0, handled: 0 };
  counters.set(ref, counter);
  return attach(ref, STATISTICS, (event) => {
    if ('in' in event) counter.messagesIn++;
    else counter.handled++;
    return undefined;
  });
}

/** Undefined where nothing is counted. */
export function getStatistics(ref: AnyActorRef): Statistics | undefined {
  const counter = counters.get(ref);
  return counter && { ...counter, currentTime: contextOf(ref.system).clock.now() };
}

/** Ends trace, log and statistics and takes off all that was installed: OTP's `no_debug`. */
export function noDebug(ref: AnyActorRef): void {
  logs.delete(ref);
  counters.delete(ref);
  detachAll(ref);
}

function switchOff(ref: AnyActorRef, id: symbol): Result<undefined, NotDebuggable> {
  detach(ref, id);
  const mailbox = openMailbox(ref);
  return mailbox.ok ? ok(undefined) : err(mailbox.error);
}
