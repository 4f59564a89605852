import type { JournalEntry } from '../../core/journal.ts';
import { visibleTurns } from '../../llm/index.ts';
import { FINDER } from './everyday.ts';
import { toolsNamedIn } from './signature.ts';
import { mayStand, ROUTINE_MAKER } from './standing-wish.ts';
import type { ToolIndex } from './tool-index.ts';

/** Of earlier turns: as many tools stay at hand, the latest. */
const MAX_EARLIER = 30;

/** Of one message: as many tools are guessed at most. */
const MAX_GUESSES = 5;

/** From here on a message is about a tool; see `RankedTool.strength`. */
const STRONG = 0.5;

/**
 * The tools that a conversation has come to, each once, in the order in which they came up: those that were called,
 * those that `tool_search` found, and those that the messages of the turn that runs are about. Turns that were undone
 * or cleared do not count.
 *
 * @param counts whether a tool of that name is asked about
 */
export function mentionedTools(
  entries: readonly JournalEntry[],
  index: ToolIndex,
  counts: (name: string) => boolean,
): readonly string[] {
  const visible = visibleTurns(entries);
  const shown = new Set(visible);
  const running = visible.at(-1);
  const mentions = entries.flatMap((entry) => {
    if (!('turnId' in entry) || !shown.has(entry.turnId)) return [];
    const isNow = entry.turnId === running;
    const guessed = isNow ? guessesOf(entry, index, counts) : [];
    return [...guessed, ...usedIn(entry).filter(counts)].map((name) => ({ name, isNow }));
  });
  const earlier = mentions.flatMap(({ name, isNow }) => (isNow ? [] : [name]));
  const kept = new Set([...new Set(earlier.toReversed())].slice(0, MAX_EARLIER));
  return [...new Set(mentions.flatMap(({ name, isNow }) => (isNow || kept.has(name) ? [name] : [])))];
}

/** Tools that were called, or found. */
function usedIn(entry: JournalEntry): readonly string[] {
  if (entry.type === 'model.completed') return entry.toolCalls.map(({ tool }) => tool);
  const wasFound = entry.type === 'tool.completed' && entry.tool === FINDER && entry.outcome === 'succeeded';
  return wasFound ? toolsNamedIn(entry.content) : [];
}

/** Tools that the user's own words are about. */
function guessesOf(
  entry: JournalEntry,
  index: ToolIndex,
  counts: (name: string) => boolean,
): readonly string[] {
  if (entry.type !== 'turn.began' && entry.type !== 'turn.steered') return [];
  const texts = entry.messages.flatMap(({ text, origin }) => (origin === undefined ? [text] : []));
  return texts.flatMap((text) => [
    ...(counts(ROUTINE_MAKER) && mayStand(text) ? [ROUTINE_MAKER] : []),
    ...index
      .search(text, 4 * MAX_GUESSES)
      .filter(({ tool, strength }) => strength >= STRONG && counts(tool.name))
      .slice(0, MAX_GUESSES)
      .map(({ tool }) => tool.name),
  ]);
}
