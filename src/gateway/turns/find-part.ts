import type { Assistant } from '../../core/assistant.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { createPartReader, isStart, type PartEvent, type PartStart } from './turn-part.ts';

const PAGE = 200;

/** So far back a part is looked for: 50 queries at worst, one for what happened lately. */
const MOST_ENTRIES = 10_000;

/**
 * The number of the entry that the part begins with. `not-yet`: the whole conversation has none; `too-far`: it is not
 * among the latest 10,000 entries.
 */
export async function findPart(
  assistant: Pick<Assistant, 'entries'>,
  conversationId: string,
  start: PartStart,
): Promise<number | 'not-yet' | 'too-far'> {
  let before: number | undefined;
  for (let seen = 0; seen < MOST_ENTRIES; seen += PAGE) {
    const page = await assistant.entries(conversationId, {
      limit: PAGE,
      ...(before !== undefined && { before }),
    });
    const found = page.findLast((entry) => begins(entry, start));
    if (found !== undefined) return found.seq;
    before = page[0]?.seq ?? 1;
    if (before <= 1) return 'not-yet';
  }
  return 'too-far';
}

/** What has happened of the part that begins with this entry. It may still go on. */
export async function readPart(
  assistant: Pick<Assistant, 'entries'>,
  conversationId: string,
  { start, seq }: { readonly start: PartStart; readonly seq: number },
): Promise<readonly PartEvent[]> {
  const reader = createPartReader(start);
  const events: PartEvent[] = [];
  let after = seq - 1;
  for (;;) {
    const page = await assistant.entries(conversationId, { after, limit: PAGE });
    for (const entry of page) events.push(...reader.feed({ type: 'entry', entry }));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE || events.at(-1)?.type === 'ended') return events;
    after = last.seq;
  }
}

const begins = (entry: JournalEntry, start: PartStart): boolean =>
  isStart(entry, start) || (entry.type === 'input.refused' && entry.inboxId === start.inboxId);
