import type { JobSummary, WorkDesk } from './work.ts';

/** Among so many of the latest one looks for what may have been meant. */
const LOOKED_AT = 100;
const MOST_NAMED = 4;

/** Why no job is meant by this: several begin so, or none; with those that may have been meant. */
export interface NoSuchJob {
  readonly why: 'several' | 'none';
  readonly message: string;
}

/**
 * What to say of an id under which there is no job.
 *
 * @param hint where all of them are listed: `See list_jobs.`
 */
export async function noSuchJob(work: WorkDesk, given: string, hint: string): Promise<NoSuchJob> {
  const id = given.trim();
  const shown = id.slice(0, 60);
  const jobs = await work.list({ filter: 'all', limit: LOOKED_AT });
  const begun = jobs.filter((job) => id !== '' && job.id.toUpperCase().startsWith(id.toUpperCase()));
  if (begun.length > 1) {
    const message = `${begun.length} jobs begin with ${shown}: ${named(begun, ', ')}. Say more of the id.`;
    return { why: 'several', message };
  }
  const near = begun.length === 1 ? begun : jobs.filter((job) => isNear(id, job));
  const meant = near.length > 0 ? `Did you mean ${named(near, ' or ')}?` : hint;
  return { why: 'none', message: `There is no job ${shown}. ${meant}` };
}

const named = (jobs: readonly JobSummary[], between: string): string =>
  jobs
    .slice(0, MOST_NAMED)
    .map(({ id }) => id)
    .join(between);

/** A letter or two of the id are others, or the title was said instead. */
function isNear(given: string, { id, title }: JobSummary): boolean {
  if (given.length < 3) return false;
  if (title.toLowerCase().includes(given.toLowerCase())) return true;
  const others = [...given.toUpperCase()].filter((letter, at) => letter !== id[at]?.toUpperCase()).length;
  return given.length >= 6 && others <= 2;
}
