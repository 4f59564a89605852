import { importanceOf } from '../salience/importance.ts';
import { DIGEST_HALF_LIFE_DAYS, salience } from '../salience/salience.ts';
import type { Fact } from './fact.ts';
import type { FactShelf } from './merge-steps.ts';
import { staysForEver } from './plan-merges.ts';
import type { PlannedStep } from './planned-step.ts';
import type { WholeDocument } from './read-episodes.ts';

/** What falls below it says next to nothing any more. */
const FLOOR = 0.05;
/** Nothing younger goes, in days. */
const LEAST_AGE_DAYS = 90;
/** Nothing goes that was used within so many days. */
const LEAST_IDLE_DAYS = 365;
const DAY_MS = 86_400_000;
const MOST_TOLD = 4;

/** Whether a fact goes: old, not used (ever, or for a year), not important, and of next to no weight by now. */
function isFaded(fact: Fact, now: number): boolean {
  const idleDays = (now - Math.max(fact.writtenAt, fact.lastUsedAt ?? 0)) / DAY_MS;
  if (idleDays <= (fact.uses > 0 ? LEAST_IDLE_DAYS : LEAST_AGE_DAYS)) return false;
  const importance = importanceOf(fact.text);
  return !staysForEver(fact, importance) && salience({ importance, uses: fact.uses, idleDays }) < FLOOR;
}

/** One step for each document that lines are taken out of. Cost: linear in the facts. */
export async function* evictSteps(
  shelf: FactShelf,
  now: number,
  breathe: () => Promise<void>,
): AsyncGenerator<PlannedStep> {
  for (const { path, facts } of shelf.documents) {
    await breathe();
    const gone = facts.filter((fact) => isFaded(fact, now));
    if (gone.length > 0) yield evictStep(shelf, path, gone);
  }
}

function evictStep(shelf: FactShelf, path: string, gone: readonly Fact[]): PlannedStep {
  const told = gone.slice(0, MOST_TOLD).map(({ text }) => `“${text}”`);
  const rest = gone.length > MOST_TOLD ? ` and ${gone.length - MOST_TOLD} more` : '';
  const reason = `Older than ${LEAST_AGE_DAYS} days, long not used, and not important: ${told.join(', ')}${rest}.`;
  return { action: 'evict', reason, ...shelf.without(path, gone), leansOn: [], inherits: [], creates: [] };
}

/** A digest that nobody came back to for about two years. */
export function isFadedDigest(
  { updatedAt, uses, lastUsedAt = updatedAt }: WholeDocument,
  now: number,
): boolean {
  const idleDays = (now - Math.max(updatedAt, lastUsedAt)) / DAY_MS;
  return salience({ importance: 1, uses, idleDays }, DIGEST_HALF_LIFE_DAYS) < FLOOR;
}

export const digestEviction = ({ path, version }: WholeDocument): PlannedStep => ({
  action: 'evict',
  reason: `Nobody came back to ${path} for about two years.`,
  ...wholeRemoval({ path, version }),
});

export const wholeRemoval = (
  seen: PlannedStep['changes'][number],
): Omit<PlannedStep, 'action' | 'reason'> => ({
  changes: [seen],
  removes: [seen.path],
  leansOn: [],
  creates: [],
  writes: [],
  inherits: [],
});
