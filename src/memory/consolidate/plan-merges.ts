import { IMPORTANT } from '../salience/importance.ts';
import { type Relation, relationOf } from '../salience/single-valued.ts';
import type { Fact } from './fact.ts';
import { nearDuplicates, type WordedFact } from './near-duplicates.ts';

/** A fact that goes because another makes it superfluous. */
export interface Superseded {
  readonly fact: Fact;
  readonly by: Fact;
  /** `said`: the other says it too. `older`: the other says what holds now. */
  readonly why: 'said' | 'older';
  /** The other says more. */
  readonly mixed: boolean;
}

/**
 * Which facts are superfluous. One that others had a hand in never takes the place of one of the user's own words; what
 * the user wrote by hand stays; and what makes another superfluous stays itself, for this time.
 */
export async function planMerges(
  facts: readonly Fact[],
  breathe: () => Promise<void>,
): Promise<readonly Superseded[]> {
  const gone = new Map<Fact, Superseded>();
  const kept = new Set<Fact>();
  const settle = (found: Superseded | undefined): void => {
    if (!found || gone.has(found.fact) || gone.has(found.by) || kept.has(found.fact)) return;
    gone.set(found.fact, found);
    kept.add(found.by);
  };
  for (const [a, b] of await nearDuplicates(facts, breathe)) settle(sameOf(a, b));
  for (const found of await contradictions(facts, breathe)) settle(found);
  return [...gone.values()];
}

function sameOf(a: WordedFact, b: WordedFact): Superseded | undefined {
  const isLess = a.set.size !== b.set.size ? a.set.size < b.set.size : isOlder(a.fact, b.fact);
  const [lesser, fuller] = isLess ? [a, b] : [b, a];
  const same = lesser.set.size === fuller.set.size;
  const [fact, by] =
    same && mayDisplace(lesser.fact, fuller.fact) === false
      ? [fuller.fact, lesser.fact]
      : [lesser.fact, fuller.fact];
  return mayDisplace(fact, by) ? { fact, by, why: 'said', mixed: !same } : undefined;
}

const isOlder = (a: Fact, b: Fact): boolean =>
  a.writtenAt !== b.writtenAt ? a.writtenAt < b.writtenAt : a.line < b.line;

/** Whether a fact may go in favour of another. */
const mayDisplace = (fact: Fact, by: Fact): boolean => !fact.byHand && (fact.influenced || !by.influenced);

/** In each group of facts that cannot all hold, all but the newest. Cost: linear, in slices. */
async function contradictions(
  facts: readonly Fact[],
  breathe: () => Promise<void>,
): Promise<readonly Superseded[]> {
  const groups = new Map<string, Related[]>();
  for (const [at, fact] of facts.entries()) {
    if (at % SLICE === SLICE - 1) await breathe();
    const relation = relationOf(fact.text);
    if (relation === undefined || PRONOUNS.has(relation.subject)) continue;
    const key = `${relation.name}\n${relation.subject}`;
    const group = groups.get(key);
    if (group) group.push({ fact, relation });
    else groups.set(key, [{ fact, relation }]);
  }
  return [...groups.values()].flatMap(supersededIn);
}

/** So many facts are looked at before others get their turn at the event loop. */
const SLICE = 100;

const PRONOUNS: ReadonlySet<string> = new Set(['he', 'she', 'it', 'they', 'this', 'that', 'er', 'sie', 'es']);

interface Related {
  readonly fact: Fact;
  readonly relation: Relation;
}

function supersededIn(group: readonly Related[]): readonly Superseded[] {
  const [newest, ...older] = group.toSorted((a, b) => (isOlder(a.fact, b.fact) ? 1 : -1));
  if (!newest) return [];
  return older
    .filter(({ fact, relation }) => mayDisplace(fact, newest.fact) && differ(relation, newest.relation))
    .map(({ fact }) => ({ fact, by: newest.fact, why: 'older', mixed: false }));
}

/** Berlin, and Berlin in Germany, can both hold. */
const differ = ({ value: a }: Relation, { value: b }: Relation): boolean =>
  !` ${a} `.includes(` ${b} `) && !` ${b} `.includes(` ${a} `);

/** Whether a fact stays however long nobody asks for it. */
export const staysForEver = (fact: Fact, importance: number): boolean =>
  fact.byHand || importance >= IMPORTANT;
