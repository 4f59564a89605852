import { noSuchJob } from '../../../core/nearest-jobs.ts';
import type { WorkDesk } from '../../../core/work.ts';
import { conflict, notFound } from '../failure.ts';

/** Why there is no such job: 409 where several begin so, else 404. */
export async function unknownJob(work: WorkDesk, id: string) {
  const { why, message } = await noSuchJob(work, id, 'GET /api/jobs lists them.');
  return why === 'several' ? conflict(message) : notFound(message);
}
