import type { AnyActorRef } from 'xstate';
import { isSupervisorLogic } from '../supervisor/supervisor-logic.ts';
import { isDeaf, relay } from '../xstate/index.ts';
import { describeExit, type ExitReason } from './exit.ts';
import { watchExit } from './exit-watch.ts';
import { incarnationOf, pathOf } from './identity.ts';
import { terminate } from './terminate.ts';

/** What an actor that traps exits is sent instead of ending too: OTP's `{'EXIT', From, Reason}`. */
export interface LinkExitEvent {
  readonly type: 'link.exit';
  readonly ref: AnyActorRef;
  readonly path: string;
  readonly incarnation: number;
  readonly reason: ExitReason;
}

/** What an actor fails with that dies of an exit signal. */
export class LinkedExit extends Error {
  override readonly name: string = 'LinkedExit';
  /** Where the signal came from. */
  readonly path: string;
  /** The first reason in the chain of links. */
  readonly reason: ExitReason;

  constructor(path: string, reason: ExitReason) {
    const cause = reason.kind === 'error' ? { cause: reason.error } : {};
    super(`${path}, linked with it, exited (${describeExit(reason)})`, cause);
    this.path = path;
    this.reason = reason;
  }
}

interface Links {
  readonly peers: Set<AnyActorRef>;
  readonly unwatch: () => void;
}

const linked = new WeakMap<AnyActorRef, Links>();
const trapping = new WeakSet<AnyActorRef>();

/**
 * Ties two actors together, both ways: where one ends, the other receives an exit signal with its reason, and ends
 * with it too unless the reason is `normal` or it traps exits. Two actors have one link at most. Where one of them
 * has ended already, the other receives the signal `noproc`.
 */
export function link(a: AnyActorRef, b: AnyActorRef): void {
  if (a === b) return;
  const [ofA, ofB] = [linksFor(a), linksFor(b)];
  if (ofA && ofB) {
    ofA.peers.add(b);
    ofB.peers.add(a);
  } else if (ofA) signal(a, b, { kind: 'noproc' });
  else if (ofB) signal(b, a, { kind: 'noproc' });
}

/** Undoes a link. No signal of it arrives afterwards, even where one of the two has ended in the meantime. */
export function unlink(a: AnyActorRef, b: AnyActorRef): void {
  forget(a, b);
  forget(b, a);
}

/** Paths of the actors it is linked with. */
export function linksOf(ref: AnyActorRef): readonly string[] {
  return [...(linked.get(ref)?.peers ?? [])].map(pathOf);
}

/**
 * Whether exit signals reach an actor as the event `link.exit`, `normal` ones included, instead of ending it.
 * Supervisors trap exits by themselves, and ignore signals: what happens to their children they hear otherwise.
 */
export function trapExits(ref: AnyActorRef, trap = true): void {
  if (trap) trapping.add(ref);
  else trapping.delete(ref);
}

/**
 * Sends an exit signal, as if `from` were linked with the target and had ended so. `killed` cannot be trapped: the
 * target is killed, and those linked with it receive `killed` as an ordinary reason.
 */
export function exit(target: AnyActorRef, reason: ExitReason, from: AnyActorRef): void {
  if (reason.kind === 'killed') setImmediate(() => terminate(target, reason));
  else signal(target, from, reason);
}

function linksFor(ref: AnyActorRef): Links | undefined {
  const known = linked.get(ref);
  if (known) return known;
  const unwatch = watchExit(ref, (reason) => propagate(ref, reason));
  if (!unwatch) return undefined;
  const links = { peers: new Set<AnyActorRef>(), unwatch };
  linked.set(ref, links);
  return links;
}

function forget(ref: AnyActorRef, peer: AnyActorRef): boolean {
  const links = linked.get(ref);
  const had = links?.peers.delete(peer) ?? false;
  if (links?.peers.size === 0) {
    links.unwatch();
    linked.delete(ref);
  }
  return had;
}

/** The peers keep the link until the signal arrives, so that `unlink` can still hold it up. */
function propagate(ref: AnyActorRef, exited: ExitReason): void {
  const peers = linked.get(ref)?.peers ?? [];
  linked.delete(ref);
  const reason = firstReason(exited);
  for (const peer of peers) {
    setImmediate(() => {
      if (forget(peer, ref)) receive(peer, ref, reason);
    });
  }
}

function firstReason(reason: ExitReason): ExitReason {
  return reason.kind === 'error' && reason.error instanceof LinkedExit ? reason.error.reason : reason;
}

/** On a macrotask: a long chain of links would overflow the stack, and the sender may be the one that is to end. */
function signal(target: AnyActorRef, from: AnyActorRef, reason: ExitReason): void {
  setImmediate(() => receive(target, from, reason));
}

function receive(ref: AnyActorRef, from: AnyActorRef, reason: ExitReason): void {
  if (isDeaf(ref) || isSupervisor(ref)) return;
  if (trapping.has(ref)) relay(from, ref, exitEvent(from, reason));
  else if (reason.kind === 'shutdown' || reason.kind === 'killed') terminate(ref, reason);
  else if (reason.kind !== 'normal')
    terminate(ref, { kind: 'error', error: new LinkedExit(pathOf(from), reason) });
}

function exitEvent(from: AnyActorRef, reason: ExitReason): LinkExitEvent {
  return { type: 'link.exit', ref: from, path: pathOf(from), incarnation: incarnationOf(from), reason };
}

function isSupervisor({ src }: AnyActorRef): boolean {
  return typeof src !== 'string' && isSupervisorLogic(src);
}
