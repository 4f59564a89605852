import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import { glimpseOf } from '../disclosure/signature.ts';
import { usableBy } from '../disclosure/usable-tools.ts';
import type { ToolRegistry } from '../registry.ts';
import type { Tool } from '../tool.ts';

/** So many are listed with what they do; of more only the names. */
const MAX_DESCRIBED = 60;
const GLIMPSE_CHARACTERS = 90;

export function toolListTool(registry: () => ToolRegistry): Tool {
  return defineTool({
    name: 'tool_list',
    description: 'List all tools.',
    schema: z.object({ kind: z.enum(['all', 'builtin', 'installed']).default('all') }),
    effect: 'pure',
    approval: 'never',
    powers: [],
    run({ kind }, { agent }) {
      const { descriptions, isBuiltin } = registry();
      const tools = usableBy(agent, descriptions()).filter(
        ({ name }) => kind === 'all' || isBuiltin(name) === (kind === 'builtin'),
      );
      if (tools.length === 0) return { ok: true, content: 'There are none.' };
      if (tools.length > MAX_DESCRIBED)
        return { ok: true, content: tools.map(({ name }) => name).join(', ') };
      const lines = tools.map((tool) => `${tool.name}: ${glimpseOf(tool, GLIMPSE_CHARACTERS)}`);
      return { ok: true, content: lines.join('\n') };
    },
  });
}
