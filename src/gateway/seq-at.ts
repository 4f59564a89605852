import type { Assistant } from '../core/assistant.ts';

type Entries = Pick<Assistant, 'entries'>;

/**
 * The number of the first entry of a conversation that was made at a moment or later; one more than the newest where
 * there is none. Cost: as many reads of one entry as the number of entries has binary digits.
 *
 * @param moment milliseconds since the Unix epoch
 */
export async function seqAt(assistant: Entries, conversationId: string, moment: number): Promise<number> {
  const [newest] = await assistant.entries(conversationId, { before: Number.MAX_SAFE_INTEGER, limit: 1 });
  let low = 1;
  let high = (newest?.seq ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [entry] = await assistant.entries(conversationId, { before: middle + 1, limit: 1 });
    if (entry === undefined || Date.parse(entry.at) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
