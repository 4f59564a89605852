import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { jobStanding, jobTitle, orderedBy } from '../../core/job-text.ts';
import { hasEnded, type JobDetail, type WorkDesk } from '../../core/work.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import { findJob } from '../jobs/find-job.ts';
import { jobAtWork } from '../jobs/job-order.ts';
import type { Tool, ToolContext } from '../tool.ts';

const LONGEST_WAIT_SECONDS = 600;

export function jobStatusTool(work: WorkDesk, clock: Clock): Tool {
  return defineTool({
    name: 'job_status',
    description: 'How a job stands, and its result.',
    schema: z.object({
      job_id: z.string().describe('or its beginning'),
      wait_seconds: z.number().default(0).describe('for its end'),
    }),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    aliases: { id: 'job_id', job: 'job_id' },
    timeoutMs: (LONGEST_WAIT_SECONDS + 60) * 1000,
    async run({ job_id: id, wait_seconds: seconds }, context) {
      const found = await findJob(work, id);
      if (!found.ok) return { ok: false, content: found.error };
      const job = await waitedFor(work, found.value, seconds, context);
      const origins = unitedOrigins(job.origins);
      return { ok: true, content: statusText(job, clock.now()), origins };
    },
  });
}

async function waitedFor(
  work: WorkDesk,
  job: JobDetail,
  seconds: number,
  context: ToolContext,
): Promise<JobDetail> {
  if (hasEnded(job.state) || seconds <= 0) return job;
  const longest = AbortSignal.timeout(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000);
  const [known = job] = await work.wait(
    [job.id],
    AbortSignal.any([context.signal, longest]),
    jobAtWork(context),
  );
  return known;
}

function statusText(job: JobDetail, now: number): string {
  const { id, result, children, transitions, costMicroUsd } = job;
  const reason = transitions.at(-1)?.reason;
  return [
    `${jobTitle(job)} (job ${id}): ${jobStanding(job, now)}`,
    `Ordered by ${orderedBy(job.by)} at ${job.createdAt}. Files: ${job.projectDir}. Cost: $${(costMicroUsd / 1e6).toFixed(4)}.`,
    ...(reason ? [`Last: ${reason}`] : []),
    ...children.map((child) => `Part: ${child.id}  ${jobStanding(child, now)}  ${jobTitle(child)}`),
    ...(result ? [`Result:\n${result}`] : []),
  ].join('\n');
}
