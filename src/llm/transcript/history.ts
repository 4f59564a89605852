import type { JournalRecord } from '../../core/journal.ts';

/**
 * What a conversation consists of for the model, oldest first: turns, and summaries that stand for turns. Commands
 * and turns that were taken back are not among it. Each visible turn is in exactly one part.
 *
 * A summary stands for its turns from the newest compaction on that covers them and was not undone. Where some of them
 * were taken back it would tell of what is no longer said: then it counts for nothing and the turns stand there
 * themselves, unless their entries are not at hand any more.
 *
 * Cost: linear in the records and in the turns that compactions name.
 */
export function readHistory(records: readonly JournalRecord[]): readonly Part[] {
  const hidden = hiddenTurns(records);
  const known = talkTurns(records);
  const cover = coverOf(records, hidden, known);
  const notices = noticesOf(records, hidden);
  const parts: Part[] = [];
  const told = new Set<Compaction>();
  const first = allTurns(records, known).find((turnId) => !hidden.has(turnId));
  const leading = notices.get(undefined) ?? [];
  if (leading.length > 0 && (first === undefined || !cover.has(first)))
    parts.push({ type: 'notices', notices: leading });
  for (const turnId of allTurns(records, known)) {
    if (hidden.has(turnId)) continue;
    const compaction = cover.get(turnId);
    if (compaction === undefined) parts.push({ type: 'turn', turnId, notices: notices.get(turnId) ?? [] });
    else if (!told.has(compaction)) {
      told.add(compaction);
      parts.push({ type: 'summary', compaction, turnIds: visibleOf(compaction, hidden, cover) });
    }
  }
  return parts;
}

export type Part =
  | { readonly type: 'turn'; readonly turnId: string; readonly notices: readonly Notice[] }
  /** `turnIds`: those that it stands for. */
  | { readonly type: 'summary'; readonly compaction: Compaction; readonly turnIds: readonly string[] }
  /** What the user was told before any turn. */
  | { readonly type: 'notices'; readonly notices: readonly Notice[] };

export type Compaction = Extract<JournalRecord, { type: 'history.compacted' }>;
export type Notice = Extract<JournalRecord, { type: 'notice.posted' }>;

/** The turns that a conversation shows, oldest first, whole or in a summary; commands are not among them. */
export function visibleTurns(records: readonly JournalRecord[]): readonly string[] {
  const hidden = hiddenTurns(records);
  return allTurns(records, talkTurns(records)).filter((turnId) => !hidden.has(turnId));
}

/** The newest summary that the model is shown: what `history.expanded` would undo. */
export function latestCompaction(records: readonly JournalRecord[]): Compaction | undefined {
  return readHistory(records)
    .filter((part) => part.type === 'summary')
    .map(({ compaction }) => compaction)
    .toSorted((a, b) => records.indexOf(a) - records.indexOf(b))
    .at(-1);
}

export function hiddenTurns(records: readonly JournalRecord[]): ReadonlySet<string> {
  const hidden = new Set<string>();
  for (const record of records) {
    if (record.type !== 'history.changed') continue;
    for (const turnId of record.turnIds) {
      if (record.change === 'redo') hidden.delete(turnId);
      else hidden.add(turnId);
    }
  }
  return hidden;
}

/** Of each turn that a summary stands for: which one. */
function coverOf(
  records: readonly JournalRecord[],
  hidden: ReadonlySet<string>,
  known: ReadonlySet<string>,
): ReadonlyMap<string, Compaction> {
  const cover = new Map<string, Compaction>();
  for (const compaction of standing(records)) {
    const visible = compaction.turnIds.filter((turnId) => !hidden.has(turnId));
    const isWhole = visible.length === compaction.turnIds.length;
    if (!isWhole && visible.every((turnId) => known.has(turnId))) continue;
    for (const turnId of visible) cover.set(turnId, compaction);
  }
  return cover;
}

/** Compactions that were not undone, oldest first. */
function standing(records: readonly JournalRecord[]): readonly Compaction[] {
  const compactions = new Map<string, Compaction>();
  for (const record of records) {
    if (record.type === 'history.compacted') compactions.set(record.compactionId, record);
    if (record.type === 'history.expanded') compactions.delete(record.compactionId);
  }
  return [...compactions.values()];
}

function visibleOf(
  compaction: Compaction,
  hidden: ReadonlySet<string>,
  cover: ReadonlyMap<string, Compaction>,
): readonly string[] {
  return compaction.turnIds.filter((turnId) => !hidden.has(turnId) && cover.get(turnId) === compaction);
}

/** Turns of which something is at hand, in their order; commands are not among them. */
function talkTurns(records: readonly JournalRecord[]): ReadonlySet<string> {
  const talk = new Set<string>();
  const commands = new Set<string>();
  for (const record of records) {
    if (record.type === 'turn.began' && record.route === 'command') commands.add(record.turnId);
    else if ('turnId' in record && isSaid(record) && !commands.has(record.turnId)) talk.add(record.turnId);
  }
  return talk;
}

/** Whether it is of a turn with the model. The first entries of a long turn may be out of reach. */
function isSaid({ type }: JournalRecord): boolean {
  return type === 'turn.began' || type === 'turn.steered' || type === 'model.completed';
}

/** Turns of which nothing is at hand are the oldest ones. */
function allTurns(records: readonly JournalRecord[], known: ReadonlySet<string>): readonly string[] {
  const gone = standing(records).flatMap(({ turnIds }) => turnIds.filter((turnId) => !known.has(turnId)));
  return [...new Set([...gone, ...known])];
}

/**
 * Notices by the visible turn that they came after; `undefined` for those before the first. They go with their turn
 * into a summary, and with everything else when all is cleared.
 */
function noticesOf(
  records: readonly JournalRecord[],
  hidden: ReadonlySet<string>,
): ReadonlyMap<string | undefined, readonly Notice[]> {
  const notices = new Map<string | undefined, Notice[]>();
  let after: string | undefined;
  for (const record of records) {
    if (record.type === 'history.changed' && record.change === 'clear') notices.clear();
    else if (record.type === 'notice.posted') notices.set(after, [...(notices.get(after) ?? []), record]);
    else if (record.type === 'turn.began' && record.route !== 'command' && !hidden.has(record.turnId))
      after = record.turnId;
  }
  return notices;
}
