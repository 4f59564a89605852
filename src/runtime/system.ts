import type { AnyActorRef, EventObject, InspectionEvent } from 'xstate';
import { createActor } from 'xstate';
import { coerceError } from '../core/errors.ts';
import type { TreeNode } from '../core/tree.ts';
import { createContext, type RuntimeClock } from './context.ts';
import { type RuntimeFact, recordSystem } from './debug/record.ts';
import type { ExitReason } from './process/exit.ts';
import { send, whereis } from './process/messaging.ts';
import { injectHang } from './process/progress.ts';
import type { RuntimeReport } from './report/report.ts';
import { isSupervisorReady, SHUTDOWN_EVENT, type SupervisorLogic } from './supervisor/supervisor-logic.ts';
import { findActor, treeOf } from './tree.ts';
import { adoptSystem, fail, guardInspector, isActive, mailboxOf, onExit } from './xstate/index.ts';

export interface SystemOptions {
  /** Default: the real time. XState's `SimulatedClock` for tests. */
  readonly clock?: RuntimeClock;
  readonly onReport?: (report: RuntimeReport) => void;
  /** From 0 to below 1, for the jitter of back-offs. Default `Math.random`. */
  readonly random?: () => number;
  /** Sees every event of every actor, from the start; costs more than half the throughput. What it throws is reported. */
  readonly inspect?: (event: InspectionEvent) => void;
}

/** A running tree of supervised actors. */
export interface ActorSystemHandle {
  tree(): TreeNode;
  /** The live actor at a path of the tree. */
  find(path: string): AnyActorRef | undefined;
  /**
   * Makes the live actor at that path fail as if it had thrown, soon after this call; whoever owns it decides what
   * follows. False where there is none.
   */
  crash(path: string): boolean;
  /**
   * The actor at that path takes no more messages, and nothing it does counts as progress, until it is found to have
   * hung and is restarted. False where there is none whose specification limits its progress: nobody would notice.
   */
  hang(path: string): boolean;
  /** The worker at that path takes no messages for so many milliseconds. False where there is none. */
  delay(path: string, ms: number): boolean;
  whereis(name: string): AnyActorRef | undefined;
  /** See `send` in messaging. */
  send(name: string, event: EventObject): boolean;
  /** Told the path of the actor that is at work, before each of its turns, then undefined. Keep it cheap. */
  onRunning(listener: ((path: string | undefined) => void) | undefined): void;
  /** Tells of every transition and message until the returned function is called; costs nothing before and after. */
  record(tell: (fact: RuntimeFact) => void): () => void;
  /** Attaches an inspector. Returns the function that takes it off again. */
  inspect(inspector: (event: InspectionEvent) => void): () => void;
  /** Stops all actors in reverse order of their start, each within the time its specification gives it. */
  stop(): Promise<void>;
  /** Resolves when the tree has ended: `shutdown` without a cause after `stop`, with one where the root gave up. */
  readonly exited: Promise<ExitReason>;
}

/**
 * Starts a tree. Resolves when every static child is ready.
 *
 * @throws StartFailure (rejects) where a child fails at its first start: `path` names it, `cause` is its reason.
 *   Whatever had started has been stopped by then.
 */
export async function startSystem(
  logic: SupervisorLogic,
  options: SystemOptions = {},
): Promise<ActorSystemHandle> {
  const { clock, inspect } = options;
  // The inspector sees the root being made, when there is nobody to report to yet.
  let report: (report: RuntimeReport) => void = () => {};
  const inspectorFailed = (error: Error): void => report({ type: 'listener_error', error });
  const root = createActor(logic, {
    id: 'root',
    ...(clock ? { clock } : {}),
    ...(inspect ? { inspect: guardInspector(inspect, inspectorFailed) } : {}),
  });
  const shared = createContext(root.system, clock, options.onReport, options.random);
  report = shared.report;
  adoptSystem(root, shared.clock);
  const exited = exitOfRoot(root);
  await started(root);
  return {
    tree: () => treeOf(root),
    find: (path) => findActor(root, path),
    crash: (path) => crash(root, path),
    hang: (path) => hang(root, path),
    delay: (path, ms) => delay(root, path, ms, shared.clock),
    whereis: (name) => whereis(root.system, name),
    send: (name, event) => send(root.system, name, event),
    onRunning: (listener) => {
      shared.runQueue.onRunning = listener;
    },
    record: (tell) => recordSystem(root, tell),
    inspect: (inspector) => detachable(root, inspector),
    stop: () => stop(root, exited),
    exited,
  };
}

function started(root: AnyActorRef): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = root.subscribe({
      next: (snapshot) => {
        if (!isSupervisorReady(snapshot)) return;
        resolve();
        subscription.unsubscribe();
      },
      error: reject,
    });
    root.start();
  });
}

function exitOfRoot(root: AnyActorRef): Promise<ExitReason> {
  return new Promise((resolve) => {
    onExit(root, (exit) => resolve(exit.kind === 'normal' ? { kind: 'shutdown' } : exit));
  });
}

function detachable(root: AnyActorRef, inspector: (event: InspectionEvent) => void): () => void {
  const subscription = root.system.inspect(inspector);
  return () => subscription.unsubscribe();
}

/** On a later macrotask: the caller may itself be running on the stack of the actor that is to fail. */
function crash(root: AnyActorRef, path: string): boolean {
  const ref = findActor(root, path);
  if (!ref || !isActive(ref)) return false;
  setImmediate(() => fail(ref, coerceError(`crashed on request: ${path}`)));
  return true;
}

function hang(root: AnyActorRef, path: string): boolean {
  const ref = findActor(root, path);
  if (!ref || !injectHang(ref)) return false;
  mailboxOf(ref)?.suspend('hang');
  return true;
}

let delays = 0;

function delay(root: AnyActorRef, path: string, ms: number, clock: RuntimeClock): boolean {
  const ref = findActor(root, path);
  const mailbox = ref && mailboxOf(ref);
  if (!mailbox) return false;
  // Each for itself: the end of one delay does not end another.
  const reason = `delay ${++delays}`;
  mailbox.suspend(reason);
  clock.setTimeout(() => mailbox.resume(reason), ms);
  return true;
}

async function stop(root: AnyActorRef, exited: Promise<ExitReason>): Promise<void> {
  if (root.getSnapshot().status === 'active') root.send(SHUTDOWN_EVENT);
  await exited;
}
