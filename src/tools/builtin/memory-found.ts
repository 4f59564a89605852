import type { Origin } from '../../core/journal.ts';
import { type NamedPassage, recalledOrigins, type SearchHit } from '../../memory/index.ts';
import { unitedOrigins } from '../../safety/index.ts';
import type { SaidBefore } from '../memory-services.ts';
import type { ToolOutput } from '../tool.ts';

/** A passage of a document, or something that was said. */
export interface Found extends NamedPassage {
  /** Whose words, other than the user's, it holds. */
  readonly origins: readonly Origin[];
}

export const inDocument = ({ path, snippet, updatedAt, origins }: SearchHit): Found => ({
  name: path,
  text: snippet,
  at: updatedAt,
  origins: recalledOrigins('document', path, origins),
});

export const inTalk = ({ conversationId, title, at, by, snippet, origins }: SaidBefore): Found => ({
  name: `conversation ${title === null ? '' : `"${title}" `}${conversationId}`,
  text: `${SPEAKERS[by]}: ${snippet}`,
  at,
  origins,
});

const SPEAKERS: Readonly<Record<SaidBefore['by'], string>> = {
  user: 'user',
  assistant: 'you',
  notice: 'notice',
};

export const originsOf = (found: readonly Found[]): readonly Origin[] =>
  unitedOrigins(found.flatMap(({ origins }) => origins));

/** As the model reads them. */
export function listed(found: readonly Found[]): ToolOutput {
  const passages = found.map(({ name, text, at }) => `## ${name} (${at.slice(0, 10)})\n${text}`);
  return { ok: true, content: passages.join('\n\n') || NOTHING, origins: originsOf(found) };
}

const NOTHING = 'Nothing in memory fits that.';
