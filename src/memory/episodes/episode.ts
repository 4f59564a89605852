import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { findInjections, isAtLeast } from '../../safety/index.ts';
import { shortened } from './episode-request.ts';
import type { Part } from './part.ts';

/** What is kept of a conversation. */
export interface Episode {
  readonly title: string;
  /** At most 1,200 characters. */
  readonly summary: string;
  readonly decided: readonly string[];
  readonly open: readonly string[];
  /** At most 12 of at most 300 characters. */
  readonly facts: readonly Fact[];
}

interface Fact {
  /** What it is about, as a name. */
  readonly subject: string;
  readonly text: string;
  /** The turn that says so, where the model named one. */
  readonly turnId?: string;
}

const MOST_FACTS = 12;
const MOST_ITEMS = 8;
const TITLE_CHARACTERS = 100;
const SUMMARY_CHARACTERS = 1_200;
const ITEM_CHARACTERS = 300;

const answer = z.object({
  worth: z.boolean().default(true),
  title: z.string().default(''),
  summary: z.string().default(''),
  decided: z.array(z.string()).default([]),
  open: z.array(z.string()).default([]),
  facts: z
    .array(
      z.object({
        subject: z.string().default('user'),
        fact: z.string(),
        turn: z.int().optional().catch(undefined),
      }),
    )
    .default([]),
});

/**
 * Reads what a model answered to `episodeQuestion`; undefined where it says that nothing is worth remembering. Errors
 * with what was wrong. Whatever reads like an order to the assistant is left out; a summary that does is refused.
 */
export function readEpisode(
  text: string,
  { turns }: Pick<Part, 'turns'>,
): Result<Episode | undefined, string> {
  const given = answer.safeParse(jsonIn(text));
  if (!given.success) return err('it is not the JSON object that was asked for');
  const { worth, title, summary, decided, open, facts } = given.data;
  if (!worth || (summary.trim() === '' && facts.length === 0)) return ok(undefined);
  if (findInjections(`${title}\n${summary}`).some((finding) => isAtLeast(finding, 'high')))
    return err('the summary reads like an order to the assistant');
  return ok({
    title: shortened(oneLine(title), TITLE_CHARACTERS),
    summary: shortened(summary.trim(), SUMMARY_CHARACTERS),
    decided: statements(decided, MOST_ITEMS),
    open: statements(open, MOST_ITEMS),
    facts: facts
      .map(({ subject, fact, turn }) => factOf(subject, fact, turns[(turn ?? 0) - 1]?.turnId))
      .filter(({ subject, text: said }) => isStatement(said) && isStatement(subject))
      .slice(0, MOST_FACTS),
  });
}

function factOf(subject: string, fact: string, turnId: string | undefined): Fact {
  return {
    subject: oneLine(subject),
    text: shortened(oneLine(fact), ITEM_CHARACTERS),
    ...(turnId !== undefined && { turnId }),
  };
}

/** Some models explain themselves around it. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

const statements = (given: readonly string[], most: number): readonly string[] =>
  given
    .map((item) => shortened(oneLine(item), ITEM_CHARACTERS))
    .filter(isStatement)
    .slice(0, most);

const isStatement = (text: string): boolean => text !== '' && findInjections(text).length === 0;

export const oneLine = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/^[-*#>\s]+/, '')
    .trim();
