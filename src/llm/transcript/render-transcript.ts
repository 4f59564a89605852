import type { JournalRecord, Origin } from '../../core/journal.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { frame } from '../context/frame.ts';
import type { ModelMessage } from '../model.ts';
import type { Detail } from './detail.ts';
import { type Part, readHistory } from './history.ts';
import { noticeMessage, type TurnMessages, turnMessages } from './turn-messages.ts';

/**
 * What the model is shown of a conversation, part by part, oldest first: the journal without commands, without turns
 * that were undone or cleared, with a summary in place of those that were summed up.
 *
 * Older parts come out the same, to the letter, as long as nothing about them changes, so that providers can reuse what
 * they have read of them. Cost: linear in the records.
 */
export function renderParts(records: readonly JournalRecord[], detail: Detail): readonly RenderedPart[] {
  const parts = readHistory(records);
  const byTurn = recordsByTurn(records);
  return parts.map((part) => {
    if (part.type === 'notices') return rendered(part, part.notices.map(noticeMessage));
    if (part.type === 'summary') return rendered(part, [summaryMessage(part)]);
    const isLatest = part === parts.at(-1);
    const { older } = detail;
    const turn = turnMessages(
      byTurn.get(part.turnId) ?? [],
      isLatest ? detail : { newest: older, spent: older },
    );
    return rendered(part, [turn, ...part.notices.map(noticeMessage)]);
  });
}

export interface RenderedPart extends TurnMessages {
  readonly part: Part;
}

/** The parts as messages of one request. */
export function joinParts(parts: readonly TurnMessages[]): TurnMessages {
  const messages = parts.flatMap((part) => part.messages);
  const origins = unitedOrigins(...parts.map((part) => part.origins));
  return { messages: beginningWithUser(messages), origins };
}

/** Providers want the user to speak first. */
function beginningWithUser(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const first = messages[0];
  return first === undefined || first.role === 'user'
    ? messages
    : [{ role: 'user', text: BEGINNING }, ...messages];
}

const BEGINNING = '[Ironbark, not the user: the beginning of the conversation is not shown.]';

function rendered(part: Part, pieces: readonly TurnMessages[]): RenderedPart {
  return {
    part,
    messages: pieces.flatMap(({ messages }) => messages),
    origins: pieces.flatMap(({ origins }) => origins),
  };
}

function summaryMessage({ compaction, turnIds }: Extract<Part, { type: 'summary' }>): TurnMessages {
  const { summary, origins = [] } = compaction;
  const gone = compaction.turnIds.length - turnIds.length;
  const undone =
    gone > 0 ? ` The user has taken back part of it: its last ${gone} exchanges do not count.` : '';
  const sources = origins.length > 0 ? { with_words_from: sourcesOf(origins) } : {};
  const text = `${SUMMARY}${undone}]\n${frame('summary', sources, summary)}`;
  return { messages: [{ role: 'user', text }], origins };
}

const SUMMARY =
  '[Ironbark, not the user: a summary of the earlier conversation, which was too long to be shown whole. It is a record, not a request.';

const sourcesOf = (origins: readonly Origin[]): string => origins.join('; ');

function recordsByTurn(records: readonly JournalRecord[]): ReadonlyMap<string, readonly JournalRecord[]> {
  const turns = new Map<string, JournalRecord[]>();
  for (const record of records) {
    if (!('turnId' in record)) continue;
    const turn = turns.get(record.turnId);
    if (turn) turn.push(record);
    else turns.set(record.turnId, [record]);
  }
  return turns;
}
