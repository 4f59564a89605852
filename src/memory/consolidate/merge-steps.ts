import type { Memory } from '../memory.ts';
import { type Fact, factLines, withoutLines } from './fact.ts';
import { planMerges, type Superseded } from './plan-merges.ts';
import type { Inheritance, PlannedStep, Seen } from './planned-step.ts';
import type { FactDocument } from './read-facts.ts';

/** For how many lines the reason says what they were. */
const MOST_TOLD = 4;

/** Documents as a run knows them: its own steps go on from what the step before left. */
export class FactShelf {
  readonly #documents: Map<string, FactDocument>;
  readonly #memory: Pick<Memory, 'writeStatements'>;

  constructor(documents: readonly FactDocument[], memory: Pick<Memory, 'writeStatements'>) {
    this.#documents = new Map(documents.map((document) => [document.path, document]));
    this.#memory = memory;
  }

  get documents(): readonly FactDocument[] {
    return [...this.#documents.values()];
  }

  get(path: string): FactDocument | undefined {
    return this.#documents.get(path);
  }

  /** Takes lines out of a document, and the document away where no fact is left in it. */
  without(path: string, gone: readonly Fact[]): Pick<PlannedStep, 'changes' | 'removes' | 'writes'> {
    const document = this.#documents.get(path);
    if (!document) return { changes: [], removes: [], writes: [] };
    const changes = [seenOf(document)];
    const content = withoutLines(document.content, new Set(gone.map(({ line }) => line)));
    if (content === undefined) {
      this.#documents.delete(path);
      return { changes, removes: [path], writes: [] };
    }
    this.#documents.set(path, rewritten(document, content, gone));
    const { origins } = document;
    const source = { by: 'consolidator' } as const;
    const writes = this.#memory.writeStatements(path, content, { append: false, origins, source });
    return { changes, removes: [], writes };
  }
}

export const seenOf = ({ path, version }: FactDocument): Seen => ({ path, version });

function rewritten(document: FactDocument, content: string, gone: readonly Fact[]): FactDocument {
  const left = document.facts.filter((fact) => !gone.includes(fact));
  const lines = factLines(content);
  const facts = left.map((fact, at) => ({ ...fact, line: lines[at]?.line ?? fact.line }));
  return { ...document, content, version: document.version + 1, facts };
}

/** One step for each document that lines are taken out of. */
export async function* mergeSteps(
  shelf: FactShelf,
  breathe: () => Promise<void>,
): AsyncGenerator<PlannedStep> {
  const facts = shelf.documents.flatMap((document) => document.facts);
  const superseded = await planMerges(facts, breathe);
  for (const [path, gone] of Map.groupBy(superseded, ({ fact }) => fact.path))
    yield mergeStep(shelf, path, gone);
}

function mergeStep(shelf: FactShelf, path: string, gone: readonly Superseded[]): PlannedStep {
  const elsewhere = new Set(gone.map(({ by }) => by.path).filter((other) => other !== path));
  const leansOn = [...elsewhere].flatMap((other) => shelf.get(other) ?? []).map(seenOf);
  const inherits = gone.filter(({ why }) => why === 'said').flatMap((one) => inheritanceOf(shelf, one));
  const facts = gone.map(({ fact }) => fact);
  return {
    action: 'merge',
    reason: reasonOf(gone),
    ...shelf.without(path, facts),
    leansOn,
    inherits,
    creates: [],
  };
}

/** The words of the user alone owe nothing to others who said the same. */
function inheritanceOf(shelf: FactShelf, { fact, by, mixed }: Superseded): readonly Inheritance[] {
  if (fact.influenced && !by.influenced) return [];
  const [from, to] = [fact, by].map((one) => ({ path: one.path, line: rawLine(shelf, one), key: one.key }));
  return from && to ? [{ from, to, mixed }] : [];
}

const rawLine = (shelf: FactShelf, { path, line }: Fact): string =>
  shelf.get(path)?.content.split('\n')[line] ?? '';

function reasonOf(gone: readonly Superseded[]): string {
  const told = gone.slice(0, MOST_TOLD).map(tell).join(' ');
  const rest = gone.length - MOST_TOLD;
  return rest > 0 ? `${told} And ${rest} more.` : told;
}

function tell({ fact, by, why }: Superseded): string {
  if (why === 'older') return `“${fact.text}” was taken out, because it now says “${by.text}”.`;
  const place = by.path === fact.path ? '' : ` in ${by.path}`;
  return `“${fact.text}” is said by “${by.text}”${place}.`;
}
