import type { Statement } from '../../storage/index.ts';
import type { Memory } from '../memory.ts';
import { importanceOf } from '../salience/importance.ts';
import { salience } from '../salience/salience.ts';
import { digestPath } from '../salience/tended.ts';
import { extractedEntry, MOST_ENTRIES, strongest, writtenEntry } from './digest-entry.ts';
import type { PlannedStep } from './planned-step.ts';
import type { Episode, WholeDocument } from './read-episodes.ts';

/** An episode stays by itself for so many days at least. */
export const LEAST_DAYS = 14;
/** And for as long as it weighs more than this: one of the usual weight that nobody uses, for about 40 days. */
const FOLD_LINE = 0.25;
/** One step folds so many episodes of a month, with one question to a model. */
const MOST_IN_STEP = 8;
const DAY_MS = 86_400_000;

export interface Condensed {
  /** For each episode what a model made of it; a hole where it said nothing. */
  readonly lines: readonly (string | undefined)[];
  /** What asking did cost; to be committed with the step. */
  readonly writes: readonly Statement[];
}

/** Says in a line what is worth knowing of each episode. Undefined where no model may be asked (any more). */
export type Condense = (episodes: readonly Episode[]) => Promise<Condensed | undefined>;

export interface Folding {
  readonly memory: Pick<Memory, 'prepare' | 'writeStatements'>;
  readonly now: number;
  readonly condense: Condense;
}

/** Whether an episode is old and light enough to become a line of its month's digest. */
export function isFolded(
  { content, updatedAt, uses, lastUsedAt = updatedAt }: Episode,
  now: number,
): boolean {
  const idleDays = (now - Math.max(updatedAt, lastUsedAt)) / DAY_MS;
  return idleDays > LEAST_DAYS && salience({ importance: importanceOf(content), uses, idleDays }) < FOLD_LINE;
}

/** Steps that fold episodes into the digests of their months, the oldest first. */
export async function* foldSteps(
  episodes: readonly Episode[],
  digests: readonly WholeDocument[],
  folding: Folding,
): AsyncGenerator<PlannedStep> {
  const known = new Map(digests.map((digest) => [digest.path, digest]));
  const light = episodes.filter((episode) => isFolded(episode, folding.now));
  for (const [path, month] of Map.groupBy(light, ({ day }) => digestPath(day))) {
    for (let at = 0; at < month.length; at += MOST_IN_STEP) {
      const step = await foldStep(path, month.slice(at, at + MOST_IN_STEP), known.get(path), folding);
      if (!step) break;
      known.set(path, step.digest);
      yield step.planned;
    }
  }
}

interface Folded {
  readonly planned: PlannedStep;
  /** As it will be. */
  readonly digest: WholeDocument;
}

/** Undefined where the digest may not be written: a rule of its folder forbids it, or it would have to go elsewhere. */
async function foldStep(
  path: string,
  episodes: readonly Episode[],
  digest: WholeDocument | undefined,
  folding: Folding,
): Promise<Folded | undefined> {
  const { lines, writes } = (await folding.condense(episodes)) ?? { lines: [], writes: [] };
  const entries = episodes.map((episode, at) => entryOf(episode, lines[at]));
  const room = Math.max(MOST_ENTRIES - entries.length, 0);
  const kept = strongest(paragraphsOf(digest?.content ?? ''), room);
  const before = [heading(path), ...kept].join('\n\n');
  const adding = await additions(path, episodes, entries, folding);
  if (!adding) return undefined;
  const { memory, now } = folding;
  const origins = digest?.origins ?? [];
  const begun = memory.writeStatements(path, before, { append: false, origins, source: SOURCE });
  const version = (digest?.version ?? 0) + 1 + entries.length;
  const planned: PlannedStep = {
    action: 'fold',
    reason: reasonOf(path, episodes),
    changes: [...episodes, ...(digest ? [digest] : [])].map((one) => ({
      path: one.path,
      version: one.version,
    })),
    creates: digest ? [] : [path],
    removes: episodes.map((episode) => episode.path),
    leansOn: [],
    writes: [...writes, ...begun, ...adding, dropBetween(path, digest?.version ?? 0, version)],
    inherits: [],
  };
  const content = [before, ...entries].join('\n\n');
  const all = [...origins, ...episodes.flatMap((episode) => episode.origins)];
  return { planned, digest: { path, content, version, origins: all, updatedAt: now, uses: 0 } };
}

const SOURCE = { by: 'consolidator' } as const;

const entryOf = (episode: Episode, line: string | undefined): string =>
  (line === undefined ? undefined : writtenEntry(episode, line)) ?? extractedEntry(episode);

const heading = (path: string): string => `# ${path.slice('episodes/'.length, -'.md'.length)}`;

const paragraphsOf = (content: string): readonly string[] =>
  content
    .split(/\n{2,}/)
    .map((text) => text.trim())
    .filter((text) => text.startsWith('- '));

/** Each line is added by itself, so that it is put down to its own episode and to no other. */
async function additions(
  path: string,
  episodes: readonly Episode[],
  entries: readonly string[],
  { memory }: Folding,
): Promise<readonly Statement[] | undefined> {
  const statements: Statement[] = [];
  for (const [at, episode] of episodes.entries()) {
    const change = { type: 'append', content: entries[at] ?? '' } as const;
    const source = { ...SOURCE, derivedFrom: [episode.path] };
    const prepared = await memory.prepare(path, change, { origins: episode.origins, source });
    if (!prepared.ok || prepared.value.path !== path) return undefined;
    statements.push(...prepared.value.statements);
  }
  return statements;
}

/** The digest as it was between two lines is nobody's version. */
const dropBetween = (path: string, before: number, after: number): Statement => ({
  sql: 'delete from memory_version where path = $1 and version > $2 and version < $3',
  params: [path, before, after],
});

function reasonOf(path: string, episodes: readonly Episode[]): string {
  const days = [...new Set(episodes.map(({ day }) => day))];
  const span = days.length === 1 ? days[0] : `${days[0]} to ${days.at(-1)}`;
  const count = episodes.length === 1 ? '1 conversation' : `${episodes.length} conversations`;
  return `${count} of ${span}, older than ${LEAST_DAYS} days and little used, became ${episodes.length === 1 ? 'a line' : 'lines'} of ${path}.`;
}
