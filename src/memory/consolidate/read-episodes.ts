import type { Origin } from '../../core/journal.ts';
import type { Queryable } from '../../storage/index.ts';
import { dayOfEpisode, isDigest } from '../salience/tended.ts';
import type { SeenDocument } from './fact.ts';
import { USES, type Use } from './read-facts.ts';

/** A document that fades as a whole. */
export interface WholeDocument extends SeenDocument {
  readonly origins: readonly Origin[];
  /** Milliseconds since the Unix epoch. */
  readonly updatedAt: number;
  readonly uses: number;
  readonly lastUsedAt?: number;
}

export interface Episode extends WholeDocument {
  /** YYYY-MM-DD. */
  readonly day: string;
}

/** So many are looked at in one run, the oldest first. */
const MOST_EPISODES = 500;
/** An episode has about 3,000 characters; what is beyond that does not decide. */
const MOST_CHARACTERS = 8_000;

/** Episodes of before a day, the oldest first; 500 at most. */
export async function readEpisodes(database: Queryable, before: string): Promise<readonly Episode[]> {
  const { rows } = await database.query<Row>(EPISODES, [before]);
  return rows.flatMap((row) => {
    const day = dayOfEpisode(row.path);
    return day === undefined ? [] : [{ ...toDocument(row), day }];
  });
}

/** The digests there are: one a month. */
export async function readDigests(database: Queryable): Promise<readonly WholeDocument[]> {
  const { rows } = await database.query<Row>(DIGESTS);
  return rows.filter(({ path }) => isDigest(path)).map(toDocument);
}

interface Row extends Record<string, unknown> {
  readonly path: string;
  readonly content: string;
  readonly version: number;
  readonly origins: readonly Origin[];
  readonly updated_at: Date;
  readonly uses: readonly Use[];
}

const COLUMNS = `d.path, d.version, d.origins, d.updated_at, ${USES} as uses`;

/** By the beginning of their paths, which is the index of the primary key in the collation C and a scan in any other. */
const EPISODES = `
  select ${COLUMNS}, left(d.content, ${MOST_CHARACTERS}) as content
    from memory_document d
   where d.path ~ '^episodes/\\d{4}-\\d\\d-\\d\\d/[^/]+\\.md$' and substr(d.path, 10, 10) < $1
   order by substr(d.path, 10, 10), d.path limit ${MOST_EPISODES}`;

const DIGESTS = `
  select ${COLUMNS}, d.content from memory_document d where d.path ~ '^episodes/\\d{4}-\\d\\d\\.md$' order by d.path`;

/** Any part that was used stands for the whole. */
function toDocument({ path, content, version, origins, updated_at, uses }: Row): WholeDocument {
  return {
    path,
    content,
    version,
    origins,
    updatedAt: updated_at.getTime(),
    uses: Math.max(0, ...uses.map((use) => use.uses)),
    ...(uses.length > 0 && { lastUsedAt: Math.max(...uses.map(({ at }) => at)) }),
  };
}
