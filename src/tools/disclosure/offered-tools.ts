import type { JournalEntry } from '../../core/journal.ts';
import type { ToolDescription } from '../../llm/index.ts';
import type { ToolRegistry } from '../registry.ts';
import { mentionedTools } from './mentioned-tools.ts';
import { type Standing, standingOf } from './standing.ts';
import { type ToolSet, toolSetOf } from './tool-set.ts';

export interface Offer {
  /** All tools that there are. */
  readonly registry: Pick<ToolRegistry, 'descriptions'>;
  /** The conversation so far, the turn that runs included. */
  readonly entries: readonly JournalEntry[];
  /** Of a sub-agent: the tools that it may use. */
  readonly only?: readonly string[];
}

/**
 * The tools that a model is told about. Whoever calls another one that there is may do so: this is about tokens, not
 * about leave.
 *
 * | what                                                         | is offered                                     |
 * | ------------------------------------------------------------ | ---------------------------------------------- |
 * | tools that were picked for a sub-agent, where they are few   | all                                            |
 * | all but our own rare ones, where they are few                | all                                            |
 * | where they are many                                          | those that everyday turns need                 |
 * | the others                                                   | once they were found or called, or the message |
 * |                                                              | of the turn seems to be about them             |
 * | without `tool_search`, by which the others would be found    | all                                            |
 *
 * The same entries give the same list, and further entries of the turn only add to its end, so that a provider's cache
 * stays good. Cost: linear in the entries, and one search (`ToolIndex`) for each message of the turn.
 */
export function offeredTools({ registry, entries, only }: Offer): readonly ToolDescription[] {
  const tools = registry.descriptions();
  const set = toolSetOf(tools);
  if (only === undefined) return withMentioned(set.standing, set, entries);
  const given = tools.filter(({ name }) => only.includes(name));
  return set.areFew(given) ? given : withMentioned(standingOf(given, set.areFew), set, entries);
}

function withMentioned(
  { usual, others }: Standing,
  set: ToolSet,
  entries: readonly JournalEntry[],
): readonly ToolDescription[] {
  if (others.size === 0) return usual;
  const mentioned = mentionedTools(entries, set.index, (name) => others.has(name));
  return mentioned.length === 0 ? usual : [...usual, ...mentioned.flatMap((name) => set.get(name) ?? [])];
}
