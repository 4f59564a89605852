import { fromPromise } from 'xstate';
import type { CompactionOrder } from './compact.ts';
import type { Environment } from './environment.ts';
import type { TurnFact } from './turn-fact.ts';

export interface CompactionInput extends CompactionOrder {
  readonly env: Environment;
}

/**
 * Sums up what came earlier, because it is too long to be shown. Stopping it aborts the call of the model. What it
 * takes is loaded with the first conversation that becomes so long.
 */
export const compaction = fromPromise<TurnFact, CompactionInput>(async ({ input, signal }) => {
  const { env, effectId } = input;
  const { compact } = await import('./compact.ts');
  const { result, writes } = await compact(env, input, signal);
  if (!result.ok) return { event: { type: 'compaction.failed', effectId, reason: result.error }, writes };
  return { event: { ...result.value, effectId }, writes };
});
