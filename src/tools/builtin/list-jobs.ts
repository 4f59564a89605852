import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { jobLine } from '../../core/job-text.ts';
import type { WorkDesk } from '../../core/work.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';

const MAX_LISTED = 50;

export function listJobsTool(work: WorkDesk, clock: Clock): Tool {
  return defineTool({
    name: 'list_jobs',
    description: 'List jobs, newest first.',
    schema: z.object({ filter: z.enum(['all', 'active', 'completed', 'failed']).default('all') }),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    aliases: { status: 'filter', state: 'filter' },
    async run({ filter }) {
      const jobs = await work.list({ filter, limit: MAX_LISTED });
      if (jobs.length === 0)
        return { ok: true, content: `There are no ${filter === 'all' ? '' : `${filter} `}jobs.` };
      const lines = jobs.map((job) => jobLine(job, clock.now()));
      const more = jobs.length === MAX_LISTED ? '\n[These are the latest; there may be more.]' : '';
      // Whoever gave a job its title may have had it from elsewhere.
      const origins = unitedOrigins(jobs.flatMap((job) => job.origins));
      return { ok: true, content: lines.join('\n') + more, origins };
    },
  });
}
