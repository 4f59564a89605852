import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import type { ToolInstaller } from '../installer.ts';
import type { ToolRegistry } from '../registry.ts';
import type { Tool } from '../tool.ts';

export function toolRemoveTool(registry: () => ToolRegistry, installer: ToolInstaller): Tool {
  const objectionTo = (name: string): string | undefined =>
    registry().isBuiltin(name) ? `${name} is built in and cannot be removed.` : undefined;
  return defineTool({
    name: 'tool_remove',
    description: 'Remove an installed tool.',
    schema: z.object({ name: z.string().min(1) }),
    effect: 'idempotent',
    approval: 'always',
    powers: ['changes'],
    summary: ({ name }) => `Remove the tool ${name}, and what you approved of it.`,
    async refusal({ name }) {
      if (!registry().get(name)) return registry().missing(name);
      return objectionTo(name);
    },
    async run({ name }) {
      const objection = objectionTo(name);
      if (objection !== undefined) return { ok: false, content: objection };
      const removed = await installer.remove(name);
      return removed.ok
        ? { ok: true, content: `Removed ${name}, and what was approved of it.` }
        : { ok: false, content: removed.error };
    },
  });
}
