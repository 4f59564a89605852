import type { RenderedPart } from '../transcript/render-transcript.ts';
import { type CountTokens, countAll, measureMessage } from './measure.ts';

export interface SizedPart {
  readonly part: RenderedPart;
  readonly tokens: number;
  /** Messages; each was one entry of the journal at least. */
  readonly length: number;
}

export async function sizeParts(
  parts: readonly RenderedPart[],
  count: CountTokens,
): Promise<readonly SizedPart[]> {
  const measured = parts.map(({ messages }) => messages.map(measureMessage));
  const counts = (await countAll(measured.flat(), count)).values();
  return parts.map((part) => {
    const tokens = part.messages.reduce((sum) => sum + (counts.next().value ?? 0), 0);
    return { part, tokens, length: part.messages.length };
  });
}

/** Of the room that messages have: what is left standing whole when the rest is summed up. */
const KEPT_SHARE = 0.4;
/** Two turns are kept as long as they leave room for anything else. */
const KEPT_TWO_SHARE = 0.6;
/** A session holds 1,000 to 2,000 entries of the journal. */
const KEPT_MESSAGES = 250;

/**
 * The oldest parts, to be summed up: all but the newest two turns, and but those before them that take no more than two
 * fifths of the room together. Empty where nothing would be won: a summary alone is not summed up again.
 *
 * @param room tokens that messages may have; 0: all but two turns are summed up
 */
export function chooseOldest(sizes: readonly SizedPart[], room: number): readonly SizedPart[] {
  let tokens = 0;
  let length = 0;
  let kept = 0;
  for (const size of sizes.toReversed()) {
    tokens += size.tokens;
    length += size.length;
    const share = kept < 2 ? KEPT_TWO_SHARE : KEPT_SHARE;
    const isRoomy = room === 0 ? kept < 2 : tokens <= room * share;
    if (kept > 0 && (!isRoomy || (kept >= 2 && length > KEPT_MESSAGES))) break;
    kept++;
  }
  const oldest = sizes.slice(0, sizes.length - kept);
  return oldest.some(({ part }) => part.part.type === 'turn') ? oldest : [];
}
