import type { JournalEntry } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import { type Plan, planFrom, planSchema } from './plan.ts';

/** The tool that writes plans. */
export const PLAN_TOOL = 'plan_update';

/**
 * The plan of a conversation: what its last `plan_update` said that went well. A view over the journal, stored nowhere
 * else. Looks from the end; linear in the entries where there is no plan.
 */
export function planOf(entries: readonly JournalEntry[]): KnownPlan | undefined {
  const accepted = entries.findLast(
    (entry) => entry.type === 'tool.completed' && entry.tool === PLAN_TOOL && entry.outcome === 'succeeded',
  );
  if (accepted?.type !== 'tool.completed') return undefined;
  const requested = entries.findLast(
    (entry) => entry.type === 'tool.requested' && entry.effectId === accepted.effectId,
  );
  const plan = requested?.type === 'tool.requested' ? readPlan(requested.arguments) : undefined;
  return plan && { plan, callId: accepted.callId };
}

export interface KnownPlan {
  readonly plan: Plan;
  /** The call that said so. */
  readonly callId: string;
}

/** The plan in the arguments of a call; undefined where they are none. */
export function readPlan(args: JsonObject): Plan | undefined {
  const checked = planSchema.safeParse(args);
  return checked.success ? planFrom(checked.data) : undefined;
}
