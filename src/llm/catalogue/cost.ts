import type { Usage } from '../../core/journal.ts';
import type { TieredPrice } from './models.ts';

/**
 * What a call cost, in whole millionths of a US dollar, rounded up. Tokens from the cache cost their own price; where
 * none is known, that of the input. A prompt so long that all of the call costs more is charged accordingly.
 */
export function costMicroUsd(listed: TieredPrice, usage: Usage): number {
  const { longPrompt } = listed;
  const price = longPrompt && usage.inputTokens > longPrompt.aboveTokens ? longPrompt : listed;
  const read = usage.cacheReadTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const plain = Math.max(0, usage.inputTokens - read - written);
  const cost =
    plain * price.input +
    read * (price.cacheRead ?? price.input) +
    written * (price.cacheWrite ?? price.input) +
    usage.outputTokens * price.output;
  // Sums of decimal fractions miss whole numbers by a hair, which must not cost a millionth.
  return Math.ceil(Number(cost.toFixed(6)));
}
