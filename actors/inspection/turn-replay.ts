import { turnMachine } from '../../machines/turn.ts';
import type { ReplayStep, TurnReplay } from '../../src/core/inspect.ts';
import type { JournalEntry } from '../../src/core/journal.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { sys } from '../../src/runtime/index.ts';
import { changesBetween } from './changes.ts';
import type { Fold, FoldedTurn } from './fold-turn.ts';
import type { Show } from './show.ts';

/** A folded turn as it is shown: what was active at each step, what it was told, what changed. */
export function turnReplay(
  conversationId: string,
  { folds, input, diverged }: FoldedTurn,
  entries: readonly JournalEntry[],
  show: Show,
): TurnReplay {
  const contexts = folds.map(({ after }) => show.object(after.context));
  return {
    conversationId,
    turnId: input.turnId,
    chart: sys.chartOf(turnMachine),
    steps: folds.map((fold, step) =>
      shownStep(step, fold, contexts[step - 1], contexts[step] ?? {}, atOf(folds, step, entries), show),
    ),
    diverged,
  };
}

function shownStep(
  step: number,
  { event, before, after, requests, entries }: Fold,
  earlier: JsonObject | undefined,
  context: JsonObject,
  at: string,
  show: Show,
): ReplayStep {
  const [first, last] = [entries[0]?.seq, entries.at(-1)?.seq];
  return {
    step,
    at,
    entries: first === undefined || last === undefined ? null : [first, last],
    event: event ? { type: event.type, preview: show.preview(event) } : null,
    from: before ? String(before.value) : null,
    to: String(after.value),
    active: sys.activeStates({ machine: turnMachine, snapshot: after }),
    taken: event && before ? sys.takenBy(turnMachine, before, event) : [],
    requests,
    context,
    changes: earlier ? changesBetween(earlier, context) : [],
  };
}

/** A step that wrote nothing happened before the next one that did. */
function atOf(folds: readonly Fold[], step: number, entries: readonly JournalEntry[]): string {
  const next = folds.slice(step).flatMap((fold) => fold.entries)[0];
  return next?.at ?? entries.at(-1)?.at ?? '';
}
