import { z } from 'zod';
import type { SecretsDesk } from '../../core/secrets.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';

export function secretDeleteTool(secrets: SecretsDesk): Tool {
  return defineTool({
    name: 'secret_delete',
    description: 'Delete a stored secret for good.',
    schema: z.object({ name: z.string().min(1) }),
    effect: 'idempotent',
    approval: 'always',
    powers: ['changes'],
    summary: ({ name }) => `Delete the secret "${name}" for good. Tools that use it stop working.`,
    refusal: ({ name }) => objectionTo(secrets, name),
    async run({ name }) {
      const objection = await objectionTo(secrets, name);
      if (objection !== undefined) return { ok: false, content: objection };
      await secrets.delete(name);
      return { ok: true, content: `The secret "${name}" is deleted.` };
    },
  });
}

async function objectionTo(secrets: SecretsDesk, name: string): Promise<string | undefined> {
  const entries = (await secrets.list()).secrets.filter((entry) => isCalled(entry.name, name));
  if (entries.some(({ source }) => source === 'vault')) return undefined;
  return entries.length > 0
    ? `"${name}" comes from an environment variable, which only the user can take away.`
    : `There is no secret "${name.slice(0, 200)}". Use secret_list to see which there are.`;
}

const isCalled = (known: string, asked: string): boolean => known.toLowerCase() === asked.toLowerCase();
