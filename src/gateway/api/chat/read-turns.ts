import type { TurnInfo } from '../../../core/api/chat.ts';
import type { Assistant } from '../../../core/assistant.ts';
import type { JournalEntry } from '../../../core/journal.ts';
import { hiddenTurns } from '../../../llm/index.ts';
import { seqAt } from '../../seq-at.ts';
import { turnInfo } from './turn-info.ts';

export interface TurnsPage {
  /** Oldest first. */
  readonly turns: readonly TurnInfo[];
  readonly hasMore: boolean;
}

export interface TurnsWanted {
  readonly threadId: string;
  readonly limit: number;
  /** Only turns that began before this entry. */
  readonly before: number;
}

const PAGE = 200;
/** Entries that one answer is made of at most, unless a single turn has more. */
const MAX_ENTRIES = 5_000;

/** The latest turns of a thread that were not taken back. Cost: a read of the entries that they consist of. */
export async function readTurns(assistant: Assistant, wanted: TurnsWanted): Promise<TurnsPage> {
  const hidden = hiddenTurns(await assistant.marks(wanted.threadId));
  let entries: readonly JournalEntry[] = [];
  let reachedStart = false;
  let turns: readonly TurnInfo[] = [];
  while (
    !reachedStart &&
    turns.length <= wanted.limit &&
    (entries.length < MAX_ENTRIES || turns.length === 0)
  ) {
    const before = entries[0]?.seq ?? wanted.before;
    const page = await assistant.entries(wanted.threadId, { before, limit: PAGE });
    entries = [...page, ...entries];
    reachedStart = page.length < PAGE;
    turns = turnsIn(entries).filter((turn) => !hidden.has(turn.turn_id));
  }
  return { turns: turns.slice(-wanted.limit), hasMore: !reachedStart || turns.length > wanted.limit };
}

/** Those whose beginning is among the entries. */
function turnsIn(entries: readonly JournalEntry[]): readonly TurnInfo[] {
  const byTurn = Map.groupBy(
    entries.filter((entry) => 'turnId' in entry),
    ({ turnId }) => turnId,
  );
  return [...byTurn.values()].flatMap((ofTurn) => {
    const [began] = ofTurn;
    return began?.type === 'turn.began' ? [turnInfo(began, ofTurn)] : [];
  });
}

/** The number of the first turn that began at a moment or later, or what lies beyond the newest entry. */
export async function turnAt(assistant: Assistant, threadId: string, moment: string): Promise<number> {
  const seq = await seqAt(assistant, threadId, Date.parse(moment));
  const following = await assistant.entries(threadId, { after: seq - 1, limit: PAGE });
  return following.find(({ type }) => type === 'turn.began')?.seq ?? Number.MAX_SAFE_INTEGER;
}
