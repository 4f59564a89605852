import type { AnyActorRef } from 'xstate';
import { relay } from '../xstate/index.ts';
import type { ExitReason } from './exit.ts';
import { watchExit } from './exit-watch.ts';
import { incarnationOf, pathOf } from './identity.ts';
import { guarded } from './listener.ts';

/** An actor that was monitored has ended: OTP's `'DOWN'`. */
export interface Down {
  readonly ref: AnyActorRef;
  readonly path: string;
  readonly incarnation: number;
  /** `noproc` where it had ended before it was monitored. */
  readonly reason: ExitReason;
}

/** A `Down` as an actor receives it. */
export interface DownEvent extends Down {
  readonly type: 'monitor.down';
}

/**
 * Tells once when an actor has ended, soon after it has, with its registered name free again (or held by the next
 * incarnation). It watches this incarnation, not its successors. Monitors stack: each call is one `Down`.
 * The callback runs on a stack of its own; what it throws is reported as `listener_error`.
 *
 * @returns demonitors: nothing is told after it, not even of an end that has already happened
 */
export function monitor(target: AnyActorRef, onDown: (down: Down) => void): () => void {
  let wanted = true;
  const tell = (reason: ExitReason): void => {
    const down = { ref: target, path: pathOf(target), incarnation: incarnationOf(target), reason };
    if (wanted) guarded(target.system, () => onDown(down), undefined);
  };
  const tellSoon = (reason: ExitReason): void => {
    setImmediate(() => tell(reason));
  };
  const unwatch = watchExit(target, tellSoon);
  if (!unwatch) tellSoon({ kind: 'noproc' });
  return () => {
    wanted = false;
    unwatch?.();
  };
}

/**
 * Monitors for an actor: the watcher is sent a `monitor.down`, from the actor that has ended. A watcher that ends
 * takes its monitors with it.
 *
 * @example assign({ stop: ({ self, event }) => monitorFor(self, event.worker) })
 *
 * @returns demonitors
 */
export function monitorFor(watcher: AnyActorRef, target: AnyActorRef): () => void {
  const demonitor = monitor(target, (down) => {
    unwatch?.();
    relay(target, watcher, { type: 'monitor.down', ...down } satisfies DownEvent);
  });
  const unwatch = watchExit(watcher, demonitor);
  if (!unwatch) demonitor();
  return () => {
    unwatch?.();
    demonitor();
  };
}
