import type { Child } from './child.ts';
import { type ExitReason, isAbnormal } from './exit.ts';

/** A child that failed to come back is tried again whatever its type: it had been running. */
export function isToBeRestarted(child: Child, exit: ExitReason, failedStart: boolean): boolean {
  if (child.spec.restart === 'temporary') return false;
  if (child.spec.restart === 'permanent') return true;
  return isAbnormal(exit) || (failedStart && exit.kind !== 'normal');
}

/** Whether a child that was to end has ended as it should (`shutdown/1` in OTP's supervisor.erl). */
export function isOrderlyEnd({ spec }: Child, exit: ExitReason): boolean {
  if (exit.kind === 'killed') return spec.shutdown === 'brutal_kill';
  if (exit.kind === 'shutdown' && !exit.cause) return true;
  return spec.restart !== 'permanent' && !isAbnormal(exit);
}
