import { z } from 'zod';
import type { WorkDesk } from '../../core/work.ts';
import { defineTool } from '../define-tool.ts';
import { unknownJob } from '../jobs/find-job.ts';
import type { Tool } from '../tool.ts';

export function jobPromptTool(work: WorkDesk): Tool {
  return defineTool({
    name: 'job_prompt',
    description: 'Tell a running job something.',
    schema: z.object({
      job_id: z.string(),
      content: z.string().min(1),
      done: z.boolean().default(false).describe('nothing more will be said'),
    }),
    effect: 'idempotent',
    approval: 'unless-granted',
    powers: ['changes'],
    content: ['content'],
    aliases: { id: 'job_id', job: 'job_id', message: 'content', text: 'content', prompt: 'content' },
    summary: ({ job_id: id, content }) => `Tell the job ${id}: ${content.slice(0, 200)}`,
    async refusal({ job_id: id }) {
      return (await work.get(id.trim())) ? undefined : unknownJob(work, id);
    },
    async run({ job_id: id, content, done }, { effectId, origins, agent }) {
      const by = { origins: [...new Set([...origins, ...(agent?.origins ?? [])])] };
      const answer = await work.prompt(id.trim(), content, done, effectId, by);
      if (answer.ok || answer.kind === 'refused') return { ok: answer.ok, content: answer.message };
      return { ok: false, content: await unknownJob(work, id) };
    },
  });
}
