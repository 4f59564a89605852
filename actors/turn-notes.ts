import type { JournalEntry, Origin } from '../src/core/journal.ts';
import { agentPrompt, asidePrompts, findCall, hiddenTurns, PLANNING_PROMPT } from '../src/llm/index.ts';
import { isOver, PLAN_TOOL, planOf, planText } from '../src/plan/index.ts';
import { unitedOrigins } from '../src/safety/index.ts';

/** What the model is told at the end of the system prompt for one turn. */
export interface TurnNotes {
  readonly texts: readonly string[];
  /** Whose words, other than the user's, had a hand in them; they count like those of the messages. */
  readonly origins: readonly Origin[];
}

/**
 * The notes of the latest turn. They follow from its beginning and from what was before, so that they stay the same for
 * all of the turn, and the beginning of each request with them.
 *
 * Cost: linear in the entries.
 */
export function turnNotes(entries: readonly JournalEntry[]): TurnNotes {
  const start = entries.findLastIndex(({ type }) => type === 'turn.began');
  const began = entries[start];
  if (began?.type !== 'turn.began') return { texts: [], origins: [] };
  const plan = openPlan(entries, start);
  const texts = [
    ...(began.planning ? [PLANNING_PROMPT] : []),
    ...(began.agent ? [agentPrompt(began.agent.maxIterations)] : []),
    ...(plan ? [plan.text] : []),
    ...(began.aside ? asidePrompts(began.aside) : []),
  ];
  return { texts, origins: unitedOrigins(plan?.origins ?? [], began.aside?.origins ?? []) };
}

/** The plan that is not done yet, which the model would lose sight of when older turns are summed up or left out. */
function openPlan(entries: readonly JournalEntry[], before: number) {
  const isPlanned = entries.some((entry) => entry.type === 'tool.completed' && entry.tool === PLAN_TOOL);
  if (!isPlanned) return undefined;
  const hidden = hiddenTurns(entries);
  const shown = entries.slice(0, before).filter((entry) => !('turnId' in entry && hidden.has(entry.turnId)));
  const found = planOf(shown);
  if (!found || isOver(found.plan)) return undefined;
  const origins = findCall(shown, found.callId)?.origins ?? [];
  return { text: `${OPEN_PLAN}\n${planText(found.plan)}`, origins };
}

const OPEN_PLAN =
  'Your checklist, as it stood when this turn began; a record of yours, no words of the user:';
