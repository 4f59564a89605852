import { z } from 'zod';
import { jobEventLine, jobTitle } from '../../core/job-text.ts';
import type { WorkDesk } from '../../core/work.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import { findJob } from '../jobs/find-job.ts';
import type { Tool } from '../tool.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;
/** Of one event; the whole is in the job's conversation. */
const MAX_CHARACTERS = 500;

export function jobEventsTool(work: WorkDesk): Tool {
  return defineTool({
    name: 'job_events',
    description: 'The last things a job did and said.',
    schema: z.object({ job_id: z.string(), limit: z.number().default(DEFAULT_LIMIT) }),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    aliases: { id: 'job_id', job: 'job_id' },
    async run({ job_id: id, limit }) {
      const found = await findJob(work, id);
      if (!found.ok) return { ok: false, content: found.error };
      const most = limit > 0 ? Math.min(Math.ceil(limit), MAX_LIMIT) : DEFAULT_LIMIT;
      const events = await work.events(found.value.id, { latest: true, limit: most });
      if (events.length === 0) return { ok: true, content: 'It has done nothing yet.' };
      const lines = events.map((event) => `${event.at} ${jobEventLine(event, MAX_CHARACTERS)}`);
      // What its tools returned stands here before the job's own origins may say so.
      const origins = unitedOrigins([`the job "${jobTitle(found.value)}"`, ...found.value.origins]);
      return { ok: true, content: lines.join('\n'), origins };
    },
  });
}
