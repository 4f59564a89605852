import type { JournalEntry } from '../../../core/journal.ts';
import { auditJournal } from '../audit.ts';
import { beganWith, repliesTo, type Talk } from './talk.ts';
import { ONCE, type RunLedger } from './tools.ts';

/** What came of the conversations of a run. */
export interface LoadReport {
  readonly conversations: number;
  readonly messages: number;
  readonly answered: number;
  /** Of those answered: turns that crashed on the same step so often that they said so. */
  readonly givenUp: number;
  readonly journalEntries: number;
  readonly toolRuns: number;
  /** Runs of an effect beyond its first, where its class allows that. */
  readonly repeatedRuns: number;
  /** Questions whether something that may have happened shall be done again. */
  readonly questions: number;
  /** What was lost, doubled or otherwise wrong, a sentence each. */
  readonly problems: readonly string[];
}

export function judge(talks: readonly Talk[], ledger: RunLedger): LoadReport {
  const entries = talks.flatMap((talk) => talk.entries);
  const replies = talks.flatMap((talk) => talk.sent.flatMap(({ inboxId }) => repliesFor(talk, inboxId)));
  const runs = [...ledger.runs.values()];
  return {
    conversations: talks.length,
    messages: talks.reduce((sum, { sent }) => sum + sent.length, 0),
    answered: replies.length,
    givenUp: replies.filter(({ finish }) => finish === 'failed').length,
    journalEntries: entries.length,
    toolRuns: runs.reduce((sum, times) => sum + times, 0),
    repeatedRuns: runs.reduce((sum, times) => sum + times - 1, 0),
    questions: entries.filter(({ type }) => type === 'approval.requested').length,
    problems: [
      ...talks.flatMap((talk) => [...talk.problems, ...auditJournal(talk.id, talk.entries)]),
      ...talks.flatMap(unanswered),
      ...misdeeds(entries, ledger),
    ],
  };
}

function unanswered(talk: Talk): readonly string[] {
  return talk.sent.flatMap(({ text, inboxId }) => {
    const count = repliesFor(talk, inboxId).length;
    return count === 1 ? [] : [`"${text}" has ${count} replies.`];
  });
}

function repliesFor({ entries }: Talk, inboxId: string): readonly Entry<'turn.replied'>[] {
  return entries
    .filter((entry) => beganWith(entry, inboxId))
    .flatMap((began) => entries.filter((entry) => repliesTo(entry, began)));
}

/** Compares what really ran with what the journal says of it. */
function misdeeds(entries: readonly JournalEntry[], { runs }: RunLedger): readonly string[] {
  const requested = new Map<string, Entry<'tool.requested'>>();
  for (const entry of entries) if (entry.type === 'tool.requested') requested.set(entry.effectId, entry);
  return [
    ...[...runs].flatMap(([effectId, times]) => misrun(effectId, times, requested.get(effectId))),
    ...entries.flatMap((entry) =>
      claimsInVain(entry, runs) ? [`${entry.effectId} is on record and never ran.`] : [],
    ),
    ...repeatedUnasked([...requested.values()], entries),
  ];
}

function misrun(
  effectId: string,
  times: number,
  request: Entry<'tool.requested'> | undefined,
): readonly string[] {
  if (!request) return [`Effect ${effectId} ran and is not on record.`];
  if (request.tool === ONCE && times > 1) return [`${ONCE} ran ${times} times for effect ${effectId}.`];
  return [];
}

function claimsInVain(entry: JournalEntry, runs: RunLedger['runs']): entry is Entry<'tool.completed'> {
  return entry.type === 'tool.completed' && entry.outcome === 'succeeded' && !runs.has(entry.effectId);
}

/** A call is begun once, and once more for each time that somebody was asked and allowed it. */
function repeatedUnasked(
  requests: readonly Entry<'tool.requested'>[],
  entries: readonly JournalEntry[],
): readonly string[] {
  const allowed = Map.groupBy(
    entries
      .filter((entry) => entry.type === 'approval.decided')
      .filter(({ decision }) => decision !== 'deny'),
    ({ callId }) => callId,
  );
  return [...Map.groupBy(requests, ({ callId }) => callId)]
    .filter(([callId, { length }]) => length > 1 + (allowed.get(callId)?.length ?? 0))
    .map(([callId, { length }]) => `The call ${callId} was begun ${length} times.`);
}

type Entry<T extends JournalEntry['type']> = Extract<JournalEntry, { type: T }>;
