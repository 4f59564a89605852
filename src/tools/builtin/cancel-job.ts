import { z } from 'zod';
import type { WorkDesk } from '../../core/work.ts';
import { defineTool } from '../define-tool.ts';
import { unknownJob } from '../jobs/find-job.ts';
import type { Tool } from '../tool.ts';

export function cancelJobTool(work: WorkDesk): Tool {
  return defineTool({
    name: 'cancel_job',
    description: 'Stop a job and its parts.',
    schema: z.object({ job_id: z.string(), reason: z.string().default('') }),
    effect: 'idempotent',
    approval: 'unless-granted',
    powers: ['changes'],
    content: ['reason'],
    aliases: { id: 'job_id', job: 'job_id' },
    summary: ({ job_id: id }) => `Cancel the job ${id}, with all of its parts.`,
    async refusal({ job_id: id }) {
      return (await work.get(id.trim())) ? undefined : unknownJob(work, id);
    },
    async run({ job_id: id, reason }, { effectId }) {
      const answer = await work.cancel(id.trim(), reason || 'The assistant cancelled it.', effectId);
      if (answer.ok || answer.kind === 'refused') return { ok: answer.ok, content: answer.message };
      return { ok: false, content: await unknownJob(work, id) };
    },
  });
}
