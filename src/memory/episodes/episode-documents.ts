/// <reference lib="esnext.temporal" />
import type { Origin } from '../../core/journal.ts';
import type { MemorySource } from '../../core/memory.ts';
import type { Episode } from './episode.ts';
import type { Part } from './part.ts';

/** A text that is added to a document. */
export interface Addition {
  readonly path: string;
  readonly content: string;
  readonly source: MemorySource;
  readonly origins: readonly Origin[];
}

export interface EpisodeOf {
  readonly conversationId: string;
  readonly part: Part;
  readonly episode: Episode;
  /** IANA; says which day it was. */
  readonly timezone: string;
}

/**
 * What an episode adds to memory: `episodes/YYYY-MM-DD/<conversation>.md`, and each fact a line of
 * `facts/<subject>.md`. All of it carries whatever had a hand in the conversation.
 */
export function additionsOf({ conversationId, part, episode, timezone }: EpisodeOf): readonly Addition[] {
  const { origins } = part;
  const source = { by: 'distiller', conversationId } as const;
  const begin = Temporal.Instant.from(part.turns[0]?.at ?? NEVER).toZonedDateTimeISO(timezone);
  const facts = episode.facts.map(({ subject, text, turnId }) => ({
    path: `facts/${nameIn(subject) || 'user'}.md`,
    content: `- ${text}`,
    source: { ...source, ...(turnId !== undefined && { turnId }) },
    origins,
  }));
  const day = begin.toPlainDate().toString();
  const path = `episodes/${day}/${fileName(conversationId)}.md`;
  const content = textOf(
    episode,
    `${day} ${begin.toPlainTime().toString({ smallestUnit: 'minute' })}`,
    facts.map((fact) => fact.path),
  );
  return [{ path, content, source, origins }, ...facts];
}

const NEVER = '1970-01-01T00:00:00Z';

function textOf({ title, summary, decided, open }: Episode, when: string, places: readonly string[]): string {
  const learnt = places.length === 0 ? [] : [`Facts learnt: ${[...new Set(places)].join(', ')}`];
  return [
    `# ${title === '' ? 'Conversation' : title}`,
    `${when}. ${summary}`.trim(),
    ...list('Decided', decided),
    ...list('Open', open),
    ...learnt,
  ].join('\n\n');
}

const list = (heading: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [[`${heading}:`, ...items.map((item) => `- ${item}`)].join('\n')];

/** Ids are chosen by clients. */
const fileName = (id: string): string => id.replace(/[^\w-]+/g, '-').slice(0, 100) || 'conversation';

const MOST_NAME = 40;

/** Words of any script, with hyphens between them. */
function nameIn(subject: string): string {
  const words =
    subject
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return words
    .join('-')
    .slice(0, MOST_NAME)
    .toWellFormed()
    .replace(/[-\ufffd]+$/, '');
}
