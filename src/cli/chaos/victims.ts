import type { TreeNode } from '../../core/tree.ts';
import { type Actor, type Census, isUp, isWithin, supervisorOf } from './census.ts';

export interface VictimRules {
  readonly mayChoose: (path: string) => boolean;
  /** Takes no account of what the supervisors can bear. */
  readonly merciless: boolean;
}

/** The actors that stand and may be chosen: never the root, and none that suffers from a fault already. */
export function candidates(
  census: Census,
  suffering: readonly string[],
  { mayChoose }: VictimRules,
): readonly Actor[] {
  return [...census.values()].filter(
    (actor) =>
      actor.above.length > 0 &&
      mayChoose(actor.node.path) &&
      isUp(actor) &&
      !suffering.some((path) => isWithin(actor.node.path, path)),
  );
}

/**
 * Those whose crash their supervisor can bear: restarts that it did within its period, and those that faults under way
 * may still cost, stay below what it is allowed.
 */
export function bearable(
  actors: readonly Actor[],
  census: Census,
  suffering: readonly string[],
): readonly Actor[] {
  const owed = new Map<string, number>();
  for (const path of suffering) {
    const payer = payerOf(census, path);
    if (payer) owed.set(payer.path, (owed.get(payer.path) ?? 0) + 1);
  }
  return actors.filter((actor) => {
    const { intensity, path } = supervisorOf(actor) ?? {};
    if (intensity === undefined || path === undefined) return true;
    return intensity.used + (owed.get(path) ?? 0) < intensity.allowed;
  });
}

/** Who restarts what stood at this path, also while nothing stands there. */
function payerOf(census: Census, path: string): TreeNode | undefined {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return undefined;
  const above = census.get(path.slice(0, slash));
  if (!above) return payerOf(census, path.slice(0, slash));
  return above.node.kind === 'supervisor' ? above.node : supervisorOf(above);
}
