import { type ExitReason, isAbnormal } from '../process/exit.ts';
import type { Child } from './child.ts';

/** Whether a child that ended by itself is restarted. */
export function isToBeRestarted({ spec }: Child, exit: ExitReason): boolean {
  if (spec.restart === 'temporary') return false;
  return spec.restart === 'permanent' || isAbnormal(exit);
}

/** Whether a child that was to end has ended as it should (`shutdown/1` in OTP's supervisor.erl). */
export function isOrderlyEnd({ spec }: Child, exit: ExitReason): boolean {
  if (exit.kind === 'killed') return spec.shutdown === 'brutal_kill';
  if (exit.kind === 'shutdown' && !exit.cause) return true;
  return spec.restart !== 'permanent' && !isAbnormal(exit);
}
