import type { ModelFailure } from '../core/journal.ts';

const TRANSIENT: ReadonlySet<ModelFailure['kind']> = new Set([
  'rate-limited',
  'unreachable',
  'broken-stream',
  'timeout',
  'unavailable',
  'empty',
]);

/** Whether the same request may succeed a little later. */
export function isTransient(failure: ModelFailure): boolean {
  return TRANSIENT.has(failure.kind);
}
