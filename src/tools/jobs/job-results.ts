import { jobTitle } from '../../core/job-text.ts';
import { hasEnded, type JobDetail, type JobSummary } from '../../core/work.ts';

/** For the model that ordered them and does not wait. */
export function orderedText(jobs: readonly JobSummary[]): string {
  const lines = jobs.map((job) => `${job.id}  ${jobTitle(job)}`);
  return `Ordered:\n${lines.join('\n')}\nThe user is told when a job ends. To look at one: job_status.`;
}

/** For the model that waited: what came of each, as far as it is known. */
export function endedText(jobs: readonly JobDetail[]): string {
  const [only] = jobs;
  if (jobs.length === 1 && only?.result && isDone(only)) return only.result;
  return jobs.map((job) => `## ${jobTitle(job)} (job ${job.id})\n${outcomeText(job)}`).join('\n\n');
}

function outcomeText(job: JobDetail): string {
  const { id, state, result, transitions } = job;
  if (isDone(job)) return result || 'Done, without a word.';
  if (state === 'cancelled')
    return `It was cancelled: ${transitions.at(-1)?.reason || 'no reason was given'}`;
  if (state === 'failed') return `It failed: ${result || transitions.at(-1)?.reason || 'nothing says why'}`;
  return `It is not done yet and goes on by itself; the user is told when it ends. Ask with job_status {"job_id": "${id}", "wait_seconds": 300}.`;
}

const isDone = ({ state }: JobDetail): boolean =>
  hasEnded(state) && state !== 'failed' && state !== 'cancelled';
