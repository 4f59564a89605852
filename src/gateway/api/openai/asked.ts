import type { Aside } from '../../../core/journal.ts';
import type { SentFile } from './read-content.ts';

/** What a request says, whichever of the two protocols it came by. */
export interface Asked {
  /** The user's new words. */
  readonly text: string;
  /** What came with them. */
  readonly files: readonly SentFile[];
  /** How to answer; empty where nothing is said of it. */
  readonly instructions: string;
  /** What was said before, as the client tells it, oldest first. */
  readonly earlier: readonly Said[];
}

export interface Said {
  readonly role: string;
  readonly text: string;
}

/** Longest `earlier` that goes to the model, in characters; the newest of it. Some 12,000 tokens. */
const MOST_EARLIER = 48_000;

/** Who else than the user may have spoken is not known, so it counts as words from outside. */
const TOLD = 'earlier talk, as the program tells it';

/** What goes to the model with the user's words, for one turn. */
export function asideOf({
  instructions,
  earlier,
}: Pick<Asked, 'instructions' | 'earlier'>): Aside | undefined {
  if (instructions === '' && earlier.length === 0) return undefined;
  const isOnlyUser = earlier.every(({ role }) => role === 'user');
  return {
    ...(instructions !== '' && { instructions }),
    ...(earlier.length > 0 && { earlier: transcriptOf(earlier) }),
    ...(!isOnlyUser && { origins: [TOLD] }),
  };
}

function transcriptOf(earlier: readonly Said[]): string {
  const whole = earlier.map(({ role, text }) => `${role}: ${text}`).join('\n\n');
  return whole.length <= MOST_EARLIER ? whole : `… ${whole.slice(-MOST_EARLIER)}`;
}

/** What comes before the first words of the user that the conversation has heard. */
export function unknownOf(earlier: readonly Said[], heard: ReadonlySet<string>): readonly Said[] {
  const known = earlier.findIndex(({ role, text }) => role === 'user' && heard.has(text));
  return known < 0 ? earlier : earlier.slice(0, known);
}
