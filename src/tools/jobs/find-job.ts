import { noSuchJob } from '../../core/nearest-jobs.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { JobDetail, WorkDesk } from '../../core/work.ts';

/** The job of an id, or of the beginning of one; else what may have been meant. */
export async function findJob(work: WorkDesk, id: string): Promise<Result<JobDetail, string>> {
  const found = await work.get(id.trim());
  return found ? ok(found) : err(await unknownJob(work, id));
}

export async function unknownJob(work: WorkDesk, id: string): Promise<string> {
  return (await noSuchJob(work, id, 'See list_jobs.')).message;
}
